/** Tests are plain JavaScript and run against dist: what is tested is what ships. */
module.exports = {
	testEnvironment: 'node',
	// Not the cache, in which whole servers are installed.
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{static,unit,contract,engine}/**/*.test.js'],
	transform: {},
	modulePathIgnorePatterns: ['<rootDir>/test/engine/core[12]', '<rootDir>/dist/package.json'],
	testTimeout: 30_000,
	maxWorkers: 2,
};
