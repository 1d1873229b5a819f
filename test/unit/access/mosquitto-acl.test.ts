import { describe, expect, test } from "@jest/globals";
import { AclTable, type Identity, parseMosquittoAcl } from "../../../src/access/index.ts";

/** The file that comes with Mosquitto. */
const EXAMPLE = `# This affects access control for clients with no username.
topic read $SYS/#

# This only affects clients with username "roger".
user roger
topic foo/bar

# This affects all clients.
pattern write $SYS/broker/connection/%c/state
`;

const anonymous: Identity = { clientId: "c1", username: undefined };
const roger: Identity = { clientId: "c1", username: "roger" };

function rights(file: string, identity: Identity) {
	const { rules, faults } = parseMosquittoAcl(file);
	expect(faults).toEqual([]);
	return new AclTable(rules).rightsOf(identity);
}

/** The topics of the list that may be read, and those that may be published to. */
function allowed(file: string, identity: Identity, topics: readonly string[]) {
	const own = rights(file, identity);
	return { read: topics.filter((topic) => own.canRead(topic)), write: topics.filter((topic) => own.canPublish(topic)) };
}

describe("Mosquitto's ACL file", () => {
	const topics = [
		"$SYS/uptime",
		"foo/bar",
		"foo/baz",
		"$SYS/broker/connection/c1/state",
		"$SYS/broker/connection/c2/state",
	];

	test("its example: anonymous clients have the lines before any user", () => {
		expect(allowed(EXAMPLE, anonymous, topics)).toEqual({
			read: ["$SYS/uptime", "$SYS/broker/connection/c1/state", "$SYS/broker/connection/c2/state"],
			write: ["$SYS/broker/connection/c1/state"],
		});
	});

	test("its example: a user has their own lines and the patterns, not those of anonymous clients", () => {
		expect(allowed(EXAMPLE, roger, topics)).toEqual({
			read: ["foo/bar"],
			write: ["foo/bar", "$SYS/broker/connection/c1/state"],
		});
	});

	test("what no line allows is denied, so an empty file denies all", () => {
		expect(allowed("", roger, topics)).toEqual({ read: [], write: [] });
		expect(allowed("# nothing yet\n\n", anonymous, topics)).toEqual({ read: [], write: [] });
	});

	test("a user whom the file does not name has the patterns alone", () => {
		expect(allowed(EXAMPLE, { clientId: "c2", username: "mallory" }, topics)).toEqual({
			read: [],
			write: ["$SYS/broker/connection/c2/state"],
		});
	});

	test("every kind of access", () => {
		const file =
			"topic read r\ntopic write w\ntopic readwrite rw\ntopic both\ntopic deny d\ntopic deny read\ntopic read\n";
		// "topic read" has one word after topic: that is the filter. And it is denied in the line before.
		expect(allowed(file, anonymous, ["r", "w", "rw", "both", "d", "read"])).toEqual({
			read: ["r", "rw", "both"],
			write: ["w", "rw", "both"],
		});
	});

	test("deny goes first, wherever it stands", () => {
		const file = "topic readwrite home/#\ntopic deny home/alarm/#\ntopic read home/alarm/state\n";
		expect(allowed(file, anonymous, ["home/light", "home/alarm", "home/alarm/state"])).toEqual({
			read: ["home/light"],
			write: ["home/light"],
		});
	});

	test("deny in a pattern goes before a user's own lines as well", () => {
		const file = "user roger\ntopic readwrite #\npattern deny secret/%u/#\npattern deny vault/#\n";
		expect(allowed(file, roger, ["a", "secret/roger/x", "secret/other/x", "vault/x"]).read).toEqual([
			"a",
			"secret/other/x",
		]);
	});

	test("the parts of a user's lines are put together", () => {
		const file = "user a\ntopic read one\nuser b\ntopic read two\nuser a\ntopic write one\ntopic read three\n";
		const a = { clientId: "x", username: "a" };
		expect(allowed(file, a, ["one", "two", "three"])).toEqual({ read: ["one", "three"], write: ["one"] });
	});

	test("names and filters may have spaces, lines may end in CR LF", () => {
		const file = "user john smith\r\ntopic read living room/#\r\n";
		expect(allowed(file, { clientId: "x", username: "john smith" }, ["living room/lamp"]).read).toEqual([
			"living room/lamp",
		]);
	});

	test("a filter that does not start with $ says nothing of $ topics", () => {
		const file = "topic #\ntopic +/uptime\npattern read #\n";
		expect(allowed(file, anonymous, ["$SYS/uptime", "x/uptime"])).toEqual({ read: ["x/uptime"], write: ["x/uptime"] });
	});

	test("SUBSCRIBE is granted: read decides at delivery", () => {
		expect(rights("topic read a\n", anonymous).canSubscribe("#")).toBe(true);
	});
});

describe("patterns", () => {
	const file =
		"pattern readwrite devices/%c/#\npattern read users/%u/inbox\npattern read news/#\npattern write %u/%c\n";

	test("%c and %u stand for the client's own names", () => {
		expect(
			allowed(file, roger, [
				"devices/c1",
				"devices/c1/a/b",
				"devices/c2",
				"users/roger/inbox",
				"users/x/inbox",
				"roger/c1",
			]),
		).toEqual({
			read: ["devices/c1", "devices/c1/a/b", "users/roger/inbox"],
			write: ["devices/c1", "devices/c1/a/b", "roger/c1"],
		});
	});

	test("an anonymous client has no %u", () => {
		expect(
			allowed(file, anonymous, ["users//inbox", "users/%u/inbox", "users/undefined/inbox", "devices/c1"]).read,
		).toEqual(["devices/c1"]);
	});

	test.each([
		[{ clientId: "+", username: "roger" }],
		[{ clientId: "#", username: "roger" }],
		[{ clientId: "a+b", username: "roger" }],
		[{ clientId: "c1", username: "#" }],
		[{ clientId: "c1", username: "+/x" }],
	])("a name with a wildcard matches no pattern: %j", (identity) => {
		const topics = ["devices/c1", "devices/+/x", "devices/a+b", "users/roger/inbox", "users/x/inbox", "news/today"];
		expect(allowed(file, identity, topics)).toEqual({ read: [], write: [] });
	});

	test("a deny pattern holds for names with wildcards too", () => {
		const both = "user a+\ntopic #\npattern deny vault/#\n";
		expect(allowed(both, { clientId: "x", username: "a+" }, ["vault/x", "y"]).read).toEqual(["y"]);
	});

	test("nobody escapes a deny pattern by a client id with a wildcard", () => {
		const both = "user roger\ntopic #\npattern deny secret/%u/#\n";
		expect(allowed(both, { clientId: "+", username: "roger" }, ["secret/roger/x", "y"]).read).toEqual(["y"]);
	});

	test("a client's names are not put into each of many patterns", () => {
		const lines = Array.from({ length: 1_000 }, (_, index) => `pattern read dev${index}/%c/%u/#\n`);
		let looks = 0;
		const identity = {
			get clientId() {
				looks++;
				return "c1";
			},
			username: "roger",
		};
		const own = rights(lines.join(""), identity);
		expect(own.canRead("dev7/c1/roger/x")).toBe(true);
		expect(own.canRead("dev7/c1/anna/x")).toBe(false);
		expect(looks).toBeLessThan(10);
	});

	test("a name does not turn a pattern into one for $ topics", () => {
		const identity = { clientId: "broker", username: "$SYS" };
		expect(allowed("pattern readwrite %u/#\npattern read %u/%c\n", identity, ["$SYS/broker", "$SYS/x"])).toEqual({
			read: [],
			write: [],
		});
	});

	test("a client id with slashes stands for its levels, as in Mosquitto", () => {
		expect(
			allowed(file, { clientId: "a/b", username: "u" }, ["devices/a/b/c", "devices/a", "devices/x/b"]).read,
		).toEqual(["devices/a/b/c"]);
	});

	test("% is text when it is not %c or %u", () => {
		expect(allowed("pattern read 100%/%d/%c\n", anonymous, ["100%/%d/c1", "100%/x/c1"]).read).toEqual(["100%/%d/c1"]);
	});

	test("in topic lines %c and %u are text", () => {
		expect(allowed("topic read x/%c\n", anonymous, ["x/c1", "x/%c"]).read).toEqual(["x/%c"]);
	});

	test("a name of very many levels costs nothing and matches nothing", () => {
		const clientId = "/".repeat(60_000);
		expect(allowed(file, { clientId, username: "u" }, [`devices/${"/".repeat(20)}`]).read).toEqual([]);
	});
});

describe("the rights of one client", () => {
	test("are the same when asked again, and after many other topics", () => {
		const own = rights("topic read a/+\ntopic write b/+\n", anonymous);
		for (let round = 0; round < 3; round++) {
			for (let i = 0; i < 200; i++) {
				expect([own.canRead(`a/${i}`), own.canPublish(`a/${i}`)]).toEqual([true, false]);
				expect([own.canRead(`b/${i}`), own.canPublish(`b/${i}`)]).toEqual([false, true]);
			}
		}
	});
});

describe("a file that is not understood", () => {
	test.each([
		["topic", "topic needs a topic filter"],
		["user", "user needs a name"],
		["topik read a", '"topik" is not user, topic or pattern'],
		["topic reed a/b", '"reed" is not read, write, readwrite or deny'],
		["topic living room/#", '"living" is not read'],
		["topic toString a", '"toString" is not read'],
		["topic read a/#/b", '"a/#/b" has # before its end'],
		["topic read a+", '"a+" has + inside a level'],
		["topic read $share/g/a", '"$share/g/a" is a shared subscription'],
		["pattern read devices/x%c/state", "must be levels of their own"],
		["pattern read %c%u", "must be levels of their own"],
		["\u0000\u0001garbage", "is not user, topic or pattern"],
	])("%j: %s", (line, expected) => {
		const { faults } = parseMosquittoAcl(`user a\ntopic read b\n${line}\n`);
		expect(faults).toHaveLength(1);
		expect(faults[0]?.line).toBe(3);
		expect(faults[0]?.message).toContain(expected);
	});

	test("each line is reported", () => {
		expect(parseMosquittoAcl("x\ny\nz\n").faults.map(({ line }) => line)).toEqual([1, 2, 3]);
	});
});
