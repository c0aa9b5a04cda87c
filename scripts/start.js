'use strict';

/** `npm start`: installs what it needs, builds, and makes one video in the real n8n engine. */

const { build, installDevelopment } = require('./steps');

installDevelopment();
build();
require('./demo').main();
