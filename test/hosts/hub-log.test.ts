import { expect, test } from "@jest/globals";
import { logEvent } from "../../hosts/hub/event-log.ts";
import { JsonLog, TextLog } from "../../hosts/hub/index.ts";
import { openLog } from "../../hosts/hub/open-log.ts";

function written(level: "debug" | "info" | "warn" | "error", message: string, fields = {}, threshold = level): string {
	let text = "";
	new TextLog(threshold, (line) => (text += line)).write(level, message, fields);
	return text.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, "TIME ");
}

test("an entry is one line of time, level, message and values", () => {
	expect(written("info", "client connected", { client: "a", keepAlive: 60, clean: true })).toBe(
		"TIME info  client connected client=a keepAlive=60 clean=true\n",
	);
});

test.each([
	["a b", '"a b"'],
	["", '""'],
	['say "x"', '"say \\"x\\""'],
	["a=b", '"a=b"'],
	["two\nlines", '"two\\u{a}lines"'],
	["\u001b[31mred", '"\\u{1b}[31mred"'],
	["\u202Ebidi", '"\\u{202e}bidi"'],
	["\uD800", '"\\u{d800}"'],
	["back\\slash", '"back\\\\slash"'],
	["Wohnzimmer/温度", "Wohnzimmer/温度"],
])("the value %j is printed as %s", (value, expected) => {
	expect(written("warn", "m", { value })).toBe(`TIME warn  m value=${expected}\n`);
});

test("a long value is cut", () => {
	expect(written("info", "m", { client: "x".repeat(65_535) })).toHaveLength("TIME info  m client=".length + 202);
});

test("entries below the level are dropped", () => {
	expect(written("info", "m", {}, "warn")).toBe("");
	expect(written("error", "m", {}, "warn")).toBe("TIME error m\n");
});

test("the same entry is a line of JSON", () => {
	const lines: string[] = [];
	const log = new JsonLog("info", (line) => lines.push(line));
	log.write("debug", "unseen");
	log.write("warn", "a\u202emessage", { client: "evil\u2028\u001b[31m", keepAlive: 60, long: "x".repeat(65_535) });
	expect(lines).toHaveLength(1);
	expect(lines[0]).toMatch(/^[\x20-\x7e…]+\n$/);
	const { time, ...entry } = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
	expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
	const long = `${"x".repeat(200)}…`;
	const client = "evil\\u{2028}\\u{1b}[31m";
	expect(entry).toEqual({ level: "warn", msg: "a\\u{202e}message", client, keepAlive: 60, long });
});

test.each([
	["auto", true, "text"],
	["auto", false, "json"],
	["text", false, "text"],
	["json", true, "json"],
] as const)("the format %s is, on a terminal: %s, %s", (format, isTTY, expected) => {
	const lines: string[] = [];
	const stream = { isTTY, write: (line: string) => lines.push(line) > 0 };
	openLog({ level: "info", format }, stream).write("info", "m");
	expect(lines[0]?.startsWith("{") ? "json" : "text").toBe(expected);
});

test("each connection event is a line with client id, address, version and reason", () => {
	const lines: string[] = [];
	const log = new TextLog("info", (line) => lines.push(line.replace(/^\S+ /, "")));
	const info = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" } as const;
	const event = { connection: 1, clientId: "lamp", info, version: 5, message: "Gone." } as const;
	logEvent(log, { ...event, kind: "connected", username: "anna", keepAlive: 60, sessionPresent: false });
	logEvent(log, { ...event, kind: "disconnected", reasonCode: 0x8d });
	logEvent(log, { ...event, kind: "refused", reasonCode: 0x86 });
	logEvent(log, { ...event, kind: "refused", clientId: undefined, version: undefined, reasonCode: 0x82 });
	const peer = "client=lamp address=192.0.2.1:4000 version=5";
	expect(lines).toEqual([
		`info  client connected ${peer} username=anna keepAlive=60 sessionPresent=false listener=default\n`,
		`info  client disconnected ${peer} code=0x8d reason=Gone.\n`,
		`warn  client refused ${peer} listener=default code=0x86 reason=Gone.\n`,
		"warn  client refused address=192.0.2.1:4000 listener=default code=0x82 reason=Gone.\n",
	]);
});

test("what a client may not do is a warning, and no more than a debug line when it goes on with it", () => {
	const lines: string[] = [];
	const log = new TextLog("debug", (line) => lines.push(line.replace(/^\S+ /, "")));
	const event = { kind: "denied", clientId: "lamp", reasonCode: 0x87, message: "No.", isRepeated: false } as const;
	logEvent(log, { ...event, action: "publish", topic: "a/b", username: "anna" });
	logEvent(log, { ...event, action: "will", topic: "a/b", username: undefined });
	logEvent(log, { ...event, action: "subscribe", topic: "#", username: undefined, isRepeated: true });
	expect(lines).toEqual([
		"warn  message refused client=lamp username=anna topic=a/b code=0x87 reason=No.\n",
		"warn  will refused client=lamp topic=a/b code=0x87 reason=No.\n",
		"debug subscription refused client=lamp filter=# code=0x87 reason=No.\n",
	]);
});
