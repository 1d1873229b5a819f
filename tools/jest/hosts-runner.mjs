import TestRunner from "jest-runner";

/** What these build with the Moddable SDK goes into one folder, some of it under the same name. */
const SHARING = /\/moddable-[^/]*$/;

/** Jest's runner, with the files that share a folder one after the other, beside all the others. */
export default class HostsRunner extends TestRunner {
	async runTests(tests, watcher, options) {
		if (options.serial) return super.runTests(tests, watcher, options);
		const sharing = tests.filter(({ path }) => SHARING.test(path));
		const others = tests.filter(({ path }) => !SHARING.test(path));
		await Promise.all([super.runTests(sharing, watcher, { serial: true }), super.runTests(others, watcher, options)]);
	}
}
