import { afterEach, describe, expect, test } from "@jest/globals";
import { NetstringReader, netstring } from "../../hosts/simulator/netstring.ts";
import { XsException, XsExit, XsWorker, type XsWorkerOptions } from "../../hosts/simulator/xs-worker.ts";

const workers: XsWorker[] = [];

function start(options?: XsWorkerOptions): XsWorker {
	const worker = new XsWorker(options);
	workers.push(worker);
	return worker;
}

function text(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString();
}

afterEach(async () => {
	for (const worker of workers.splice(0)) {
		worker.kill();
		await worker.exited;
	}
});

describe("an XS worker", () => {
	test("hands bytes to handleCommand and brings back its result when the promise jobs have run", async () => {
		const worker = start();
		await worker.evaluate(`globalThis.handleCommand = (bytes) => {
			const answer = {};
			Promise.resolve().then(() => { answer.result = bytes.slice(1); });
			return answer;
		};`);
		expect(text((await worker.command(Buffer.from("xyz"))).bytes)).toBe("yz");
	});

	test("answers issueCommand while the engine waits, also when the answer takes its time", async () => {
		const asked: string[] = [];
		const worker = start({
			onCommand: async (bytes) => {
				asked.push(text(bytes));
				await new Promise((resolve) => setImmediate(resolve));
				return Buffer.from(`${asked.length}`);
			},
		});
		const { bytes } = await worker.evaluate(`
			const ask = (word) => String.fromCharCode(...new Uint8Array(issueCommand(new TextEncoder().encode(word).buffer)));
			new TextEncoder().encode(ask("one") + ask("two")).buffer`);
		expect(asked).toEqual(["one", "two"]);
		expect(text(bytes)).toBe("12");
	});

	test("counts the same bytecodes for the same code, and sees what the heap holds", async () => {
		const [first, second] = [start(), start()];
		const code = "globalThis.kept = Array.from({ length: 100 }, () => ({})); gc();";
		const before = await first.evaluate("gc()");
		const after = await first.evaluate(code);
		await second.evaluate("gc()");
		expect((await second.evaluate(code)).compute).toBe(after.compute);
		expect(after.currentHeapCount - before.currentHeapCount).toBeGreaterThanOrEqual(100);
	});

	test("goes on after an exception", async () => {
		const worker = start();
		await expect(worker.evaluate("throw new RangeError('too far')")).rejects.toThrow(XsException);
		await expect(worker.evaluate("null.x")).rejects.toThrow(/cannot coerce null to object/);
		expect(text((await worker.evaluate("new Uint8Array([111, 107]).buffer")).bytes)).toBe("ok");
	});

	test("keeps the order of calls that do not wait for one another", async () => {
		const worker = start();
		void worker.evaluate("let n = 0; globalThis.handleCommand = () => new Uint8Array([++n]).buffer");
		const replies = await Promise.all([1, 2, 3].map(() => worker.command(new Uint8Array(0))));
		expect(replies.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
	});

	test("carries megabytes in both directions", async () => {
		const worker = start();
		await worker.evaluate("globalThis.handleCommand = (bytes) => bytes");
		const bytes = Buffer.alloc(3_000_000, "0123456789:,");
		expect(Buffer.compare((await worker.command(bytes)).bytes, bytes)).toBe(0);
	});

	test("hands on what XS prints", async () => {
		let printed = "";
		const worker = start({
			onOutput: (output) => {
				printed += output;
			},
		});
		await worker.evaluate("print('hello', 42)");
		await worker.close();
		expect(printed).toBe("hello 42\n");
	});
});

describe("the end of an XS worker", () => {
	test("close lets what was asked before come to its end", async () => {
		const worker = start();
		const last = worker.evaluate("new Uint8Array([7]).buffer");
		await worker.close();
		expect((await last).bytes[0]).toBe(7);
		expect((await worker.exited).message).toBe('XS engine "xs": closed');
	});

	test("kill ends an endless loop, and waiting and later calls hear the reason", async () => {
		const worker = start({ name: "device-1" });
		const looping = worker.evaluate("for (;;);");
		const waiting = worker.evaluate("1");
		worker.kill("no answer");
		const reason = 'XS engine "device-1": no answer';
		await expect(looping).rejects.toThrow(reason);
		await expect(waiting).rejects.toThrow(reason);
		await expect(worker.evaluate("2")).rejects.toThrow(new XsExit(reason));
	});

	test.each([
		["out of memory", "const kept = []; for (;;) kept.push(new ArrayBuffer(1_000_000_000))"],
		["stack overflow", "(function deeper() { return 1 + deeper(); })()"],
		["compute limit exceeded", "for (;;);"],
	])("%s is an exit with that reason", async (reason, code) => {
		const worker = start({ computeLimit: 1_000_000, onOutput: () => {} });
		await expect(worker.evaluate(code)).rejects.toThrow(new XsExit(`XS engine "xs": ${reason}`));
	});

	test("a command handler that throws ends the worker with its error", async () => {
		const worker = start({
			onCommand: () => {
				throw new Error("no such command");
			},
		});
		await expect(worker.evaluate("issueCommand(new ArrayBuffer(1))")).rejects.toThrow(/no such command/);
	});
});

describe("netstrings", () => {
	const stream = Buffer.concat([...netstring("a", Buffer.from("bc,:1")), ...netstring("", new Uint8Array(0))]);

	test("are written with their length in bytes", () => {
		expect(stream.toString()).toBe("6:abc,:1,0:,");
	});

	test.each([1, 2, 3, 5, 100])("are read from pieces of %d bytes", (size) => {
		const reader = new NetstringReader();
		const messages: string[] = [];
		for (let at = 0; at < stream.length; at += size) {
			messages.push(...reader.push(stream.subarray(at, at + size)).map(text));
		}
		expect(messages).toEqual(["abc,:1", ""]);
	});

	test.each(["x", ":a,", "1x:a,", "1:ab", "9999999999:"])("%s is none", (bytes) => {
		expect(() => new NetstringReader().push(Buffer.from(bytes))).toThrow(/netstring/);
	});
});
