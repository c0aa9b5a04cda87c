'use strict';

const { requireInstalled } = require('./installed');

module.exports = requireInstalled('credentials', 'SoraApi');
