import { afterAll, describe, expect, test } from "@jest/globals";
import { YamlSource } from "../../hosts/hub/config/yaml-source.ts";
import { ConfigFolder } from "./support/config-folder.ts";

const folder = new ConfigFolder();
afterAll(() => folder.remove());

function value(main: string, others: Readonly<Record<string, string>> = {}): unknown {
	folder.write({ ...others, "main.yaml": main });
	// Mappings come without a prototype; as JSON they compare like any other.
	return JSON.parse(JSON.stringify(new YamlSource(folder.file("main.yaml")).value));
}

function failure(main: string, others: Readonly<Record<string, string>> = {}): string {
	folder.write({ ...others, "main.yaml": main });
	try {
		new YamlSource(folder.file("main.yaml"));
	} catch (error) {
		return (error as Error).message.replaceAll(`${folder.path}/`, "");
	}
	throw new Error("was taken");
}

describe("values", () => {
	test.each([
		["a: on\nb: off\nc: yes\nd: No\ne: true", { a: true, b: false, c: true, d: false, e: true }],
		[
			"a: 1883\nb: 3.1\nc: 3.1.1\nd: 1.0\ne: 0123\nf: 1_000\ng: 0x10\nh: 1e3",
			{ a: 1883, b: 3.1, c: "3.1.1", d: "1.0", e: "0123", f: "1_000", g: "0x10", h: "1e3" },
		],
		["a: 2018-01-01\nb: 10:20\nc: 'on'\nd: y", { a: "2018-01-01", b: "10:20", c: "on", d: "y" }],
		["a:\nb: ~\nc: null\nd: ''", { a: null, b: null, c: null, d: "" }],
		["a: [1, two, [on]]", { a: [1, "two", [true]] }],
		["1: a\ntrue: b\n2.0: c", { "1": "a", true: "b", "2.0": "c" }],
		[
			"a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3}\nd: {q: 4, <<: [*x, {r: 5}]}",
			{ a: { p: 1, q: 2 }, b: { p: 1, q: 2 }, c: { p: 1, q: 3 }, d: { p: 1, q: 4, r: 5 } },
		],
		["", null],
		["# nothing\n", null],
		["\uFEFFa: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
	])("%j", (text, expected) => {
		expect(value(text)).toEqual(expected);
	});

	test("a key such as __proto__ is a key like any other", () => {
		folder.write({ "main.yaml": "__proto__: {polluted: 1}\n" });
		const read = new YamlSource(folder.file("main.yaml")).value as object;
		expect(Object.keys(read)).toEqual(["__proto__"]);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});

describe("!include and !secret", () => {
	test("as in Home Assistant: from the file's folder, secrets beside it or above", () => {
		const main = "mqtt: !include parts/mqtt.yaml\nlist:\n  - !include parts/one.yaml\nname: !secret name\n";
		const others = {
			"secrets.yaml": "name: main\npassword: hunter2\nport: 1884\n",
			"parts/secrets.yaml": "password: nearer\n",
			"parts/mqtt.yaml": "password: !secret password\nport: !secret port\nmore: !include deeper/more.yaml\n",
			"parts/one.yaml": "1\n",
			"parts/deeper/more.yaml": "a: !secret name\n",
		};
		expect(value(main, others)).toEqual({
			mqtt: { password: "nearer", port: 1884, more: { a: "main" } },
			list: [1],
			name: "main",
		});
	});

	test("an empty file is nothing", () => {
		expect(value("a: !include empty.yaml\n", { "empty.yaml": "" })).toEqual({ a: null });
	});

	test.each<[string, Record<string, string>, string]>([
		["a: !include none.yaml", {}, "main.yaml:1:13: cannot read none.yaml: there is no such file"],
		["a: !include main.yaml", {}, "there are too many values here, or too deep ones"],
		[
			"a: !secret nmae",
			{ "secrets.yaml": "name: x\n" },
			"main.yaml:1:12: secrets.yaml has no nmae; did you mean name?",
		],
		["a: !secret x", { "secrets.yaml": "[" }, "secrets.yaml:1:2: is no YAML"],
		["a: !secret x", { "secrets.yaml": "- 1" }, "secrets.yaml: must be a mapping"],
		["a: !env_var HOME", {}, "main.yaml:1:13: !env_var is not known here; known are !include and !secret"],
		["a: !include_dir_list parts", {}, "!include_dir_list is not known here"],
		["a: !x {b: 1}", {}, "!x is not known here"],
		["a: !include bad.yaml", { "bad.yaml": "x:\n  y: [1\n" }, "bad.yaml:"],
	])("%s", (main, others, expected) => {
		expect(failure(main, others)).toContain(expected);
	});
});

test("a secret where no file has any", () => {
	const bare = new ConfigFolder();
	expect(bare.problems("data: !secret x")).toEqual(["motehub.yaml:1:15: there is no secrets.yaml with x"]);
	bare.remove();
});

describe("what is no YAML is refused with its place", () => {
	test.each([
		["a: 1\n\tb: 2\n", "main.yaml:2:1"],
		["a: 1\na: 2\n", "main.yaml:2:1: this key stands here twice"],
		["# comment\nlistener 1883\nallow_anonymous true\n", "main.yaml:2:1: is a line of Mosquitto's configuration"],
		["pid_file /run/m.pid\n\npersistence true\n\nremote_password x: [\n", "main.yaml:1:1: is a line of Mosquitto's"],
		["a: [1, 2\n", "main.yaml:2:1: is no YAML"],
		["a: 1\n---\nb: 2\n", "main.yaml:2:1: a second document starts here"],
		["a: *nowhere\n", "main.yaml:1:4: there is no &nowhere before this *nowhere"],
		["a: &x [*x]\n", "main.yaml:1:"],
		["a: 'open\n", "main.yaml:"],
	])("%j", (text, place) => {
		expect(failure(text)).toContain(place);
	});

	test("aliases of aliases are cut off", () => {
		const lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1,1]"];
		for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]`);
		expect(failure(lines.join("\n"))).toContain("too many values");
	});

	test("a secret on a broken line is not quoted", () => {
		expect(failure("password: hunter2: x\n\t- hunter2\n")).not.toContain("hunter2");
	});

	test("files that are no text, or not there", () => {
		expect(failure("a: \0")).toBe("cannot read main.yaml: it is not UTF-8 text");
		expect(() => new YamlSource(folder.file("none.yaml"))).toThrow("there is no such file");
	});
});
