/**
 * Tests against the real n8n server; `npm run test:e2e` prepares what they need. Most of the time a server waits for a job, so two
 * of them share two cores.
 */
module.exports = {
	testEnvironment: 'node',
	// Neither the installed servers nor the build are searched for modules.
	roots: ['<rootDir>/test/e2e', '<rootDir>/test/support'],
	testMatch: ['<rootDir>/test/e2e/**/*.test.js'],
	modulePathIgnorePatterns: ['<rootDir>/test/e2e/hosts'],
	transform: {},
	// Not in the temporary folder: nothing may be left there.
	cacheDirectory: '<rootDir>/.cache/jest',
	testTimeout: 180_000,
	maxWorkers: 2,
	verbose: true,
};
