// Jest loads its own parts from dist/: run `npm run build` once before calling it without `npm test`.
const shared = {
	rootDir: import.meta.dirname,
	injectGlobals: false,
	extensionsToTreatAsEsm: [".ts"],
	moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
	modulePathIgnorePatterns: ["<rootDir>/dist/"],
	transform: { "\\.ts$": "<rootDir>/dist/tools/jest/transform.js" },
};
const engineNeutral = ["<rootDir>/test/unit/**/*.test.ts", "<rootDir>/test/property/**/*.test.ts"];

export default {
	globalSetup: "<rootDir>/dist/test/hosts/openssl/global-setup.js",
	reporters: ["default", "<rootDir>/dist/tools/jest/skips-reporter.js"],
	// Whoever starts the tests waits for them: no core is left idle. By default Jest leaves one.
	maxWorkers: "100%",
	// Milliseconds. Half a second, Jest's own, is too short for a busy machine.
	workerGracefulExitTimeout: 10_000,
	// Milliseconds for each test that does not say otherwise: enough for a machine that has other work.
	testTimeout: 60_000,
	coverageProvider: "babel",
	collectCoverageFrom: ["src/**/*.ts", "hosts/**/*.ts"],
	projects: [
		{
			...shared,
			displayName: "node",
			testMatch: engineNeutral,
			setupFiles: ["<rootDir>/dist/tools/jest/seed-properties.js"],
		},
		{ ...shared, displayName: "xs", testMatch: engineNeutral, runner: "<rootDir>/dist/tools/jest/xs-runner.js" },
		{ ...shared, displayName: "tools", testMatch: ["<rootDir>/test/tools/**/*.test.ts"] },
		{
			...shared,
			displayName: "hosts",
			testMatch: ["<rootDir>/test/hosts/**/*.test.ts"],
			runner: "<rootDir>/tools/jest/hosts-runner.mjs",
		},
	],
};
