'use strict';

require('./steps').build();
