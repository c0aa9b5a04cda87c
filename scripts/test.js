'use strict';

/** `npm test`: installs what it needs, builds, packs, and runs all tests. Arguments go to jest. */

const path = require('node:path');

const { ROOT, build, installDevelopment, installEngines, run } = require('./steps');

installDevelopment();
build();
installEngines();
run(process.execPath, [path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...process.argv.slice(2)]);
