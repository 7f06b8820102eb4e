/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: '<rootDir>/test/support/jest/environment.cjs',
	// Packages that test files share, each loaded once; see the environment.
	testEnvironmentOptions: {
		sharedPackages: [
			'@n8n',
			'ajv',
			'ajv-formats',
			'fast-check',
			'fastify',
			'jsep',
			'luxon',
			'n8n-core',
			'n8n-workflow',
			'pg',
			'reflect-metadata',
			'selfsigned',
			'typescript',
			'yaml',
			'zod',
		],
	},
	// Tests that run side by side mostly wait.
	maxConcurrency: 12,
	maxWorkers: 3,
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
