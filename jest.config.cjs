/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Tests that run side by side mostly wait.
	maxConcurrency: 12,
	// A limit on what hangs, not a measure of speed: machines are shared.
	testTimeout: 60_000,
	testMatch: ['<rootDir>/test/**/*.test.mts'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'cjs', 'mjs', 'json', 'node'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{
				jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
				module: { type: 'commonjs' },
			},
		],
	},
	globalSetup: '<rootDir>/test/support/globalSetup.mjs',
	globalTeardown: '<rootDir>/test/support/globalTeardown.mjs',
	setupFiles: ['<rootDir>/test/support/env.cjs'],
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/e2e/node_modules'],
	collectCoverageFrom: ['{nodes,credentials}/**/*.ts'],
};
