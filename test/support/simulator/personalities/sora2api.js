'use strict';

module.exports = { addRoutes() {} };
