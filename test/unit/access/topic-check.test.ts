import { describe, expect, test } from "@jest/globals";
import { CLOSED_ACCESS, OPEN_ACCESS, TopicCheckTable } from "../../../src/access/index.ts";

/** The example of HBMQTT's documentation. */
const ACL = new Map([
	["username1", ["repositories/+/master", "calendar/#", "data/memes"]],
	["username2", ["calendar/2015/#", "data/memes"]],
	["anonymous", ["calendar/2016/#"]],
	["nothing", []],
]);
const table = new TopicCheckTable({ subscribe: ACL, publish: undefined, taboo: false });

function rightsOf(username: string | undefined, from = table) {
	return from.rightsOf({ clientId: "c", username });
}

describe("HBMQTT's topic-check", () => {
	test.each([
		["username1", "repositories/motehub/master", true],
		["username1", "repositories/+/master", true],
		["username1", "repositories/motehub/develop", false],
		["username1", "repositories/#", false],
		["username1", "calendar/#", true],
		["username1", "calendar", true],
		["username1", "calendar/2015/06/+", true],
		["username1", "data/memes", true],
		["username1", "data/+", false],
		["username1", "#", false],
		["username1", "+/memes", false],
		["username2", "calendar/2015/#", true],
		["username2", "calendar/2016/#", false],
		["username2", "calendar/#", false],
		["anonymous", "calendar/2016/#", true],
		[undefined, "calendar/2016/1", true],
		[undefined, "data/memes", false],
		["nothing", "data/memes", false],
		["unknown", "data/memes", false],
		["username1", "$share/group/calendar/#", true],
		["username1", "$share/group/data/+", false],
	])("%s may subscribe to %s: %s", (username, filter, expected) => {
		expect(rightsOf(username).canSubscribe(filter)).toBe(expected);
	});

	test("what may not be subscribed to is not delivered either, so that a stored subscription ends with its right", () => {
		expect(rightsOf("username2").canRead("calendar/2015/x")).toBe(true);
		expect(rightsOf("username2").canRead("calendar/2016/x")).toBe(false);
	});

	test("publishing is free, as in HBMQTT", () => {
		expect(rightsOf("unknown").canPublish("anything/at/all")).toBe(true);
	});

	test("a publish-acl, as in aMQTT, limits publishing to what it lists", () => {
		const both = new TopicCheckTable({ subscribe: undefined, publish: new Map([["a", ["x/#"]]]), taboo: false });
		expect(rightsOf("a", both).canPublish("x/y")).toBe(true);
		expect(rightsOf("a", both).canPublish("y")).toBe(false);
		expect(rightsOf("b", both).canPublish("x/y")).toBe(false);
		expect(rightsOf("b", both).canSubscribe("#")).toBe(true);
	});

	test("# does not reach $ topics", () => {
		const admin = new TopicCheckTable({ subscribe: new Map([["admin", ["#"]]]), publish: undefined, taboo: false });
		expect(rightsOf("admin", admin).canSubscribe("$SYS/#")).toBe(false);
		expect(rightsOf("admin", admin).canSubscribe("#")).toBe(true);
		expect(rightsOf("admin", admin).canRead("$SYS/x")).toBe(false);
	});

	test("topic_taboo keeps its three topics from everybody but admin, also behind a wildcard", () => {
		const taboo = new TopicCheckTable({ subscribe: undefined, publish: undefined, taboo: true });
		expect(rightsOf("bob", taboo).canSubscribe("top-secret")).toBe(false);
		expect(rightsOf("bob", taboo).canSubscribe("$share/g/top-secret")).toBe(false);
		expect(rightsOf("bob", taboo).canSubscribe("#")).toBe(true);
		expect(rightsOf("bob", taboo).canRead("top-secret")).toBe(false);
		expect(rightsOf("bob", taboo).canRead("public")).toBe(true);
		expect(rightsOf("admin", taboo).canSubscribe("top-secret")).toBe(true);
		expect(rightsOf("admin", taboo).canRead("top-secret")).toBe(true);
	});
});

test("without rules everything is allowed, with unreadable rules nothing", () => {
	const free = OPEN_ACCESS.rightsOf({ clientId: "c", username: undefined });
	const shut = CLOSED_ACCESS.rightsOf({ clientId: "c", username: "admin" });
	expect([free.canPublish("a"), free.canRead("a"), free.canSubscribe("#")]).toEqual([true, true, true]);
	expect([shut.canPublish("a"), shut.canRead("a"), shut.canSubscribe("#")]).toEqual([false, false, false]);
});
