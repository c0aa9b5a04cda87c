/** Tests are plain JavaScript: static, unit and contract tests run against the modules in build, engine tests against the packed dist. */
module.exports = {
	testEnvironment: 'node',
	// Not the cache, in which whole servers are installed.
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{static,unit,contract,engine}/**/*.test.js'],
	transform: {},
	modulePathIgnorePatterns: ['<rootDir>/test/engine/core[12]'],
	testTimeout: 30_000,
	maxWorkers: 2,
};
