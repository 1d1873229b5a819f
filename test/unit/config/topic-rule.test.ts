import { describe, expect, test } from "@jest/globals";
import { Report, topicRules } from "../../../src/config/index.ts";

function read(rules: unknown) {
	const report = new Report();
	const result = topicRules.read(rules, ["topics"], report);
	return { rules: result, errors: report.errors.map(({ message }) => message) };
}

describe("topic rules of a bridge", () => {
	test("Mosquitto's examples", () => {
		const rule = { filter: "#", direction: "both", qos: 2, localPrefix: "local/topic/", remotePrefix: "remote/topic/" };
		expect(read(["# both 2 local/topic/ remote/topic/"])).toEqual({ rules: [rule], errors: [] });
		expect(read("sensors/#").rules).toEqual([
			{ filter: "sensors/#", direction: "out", qos: 0, localPrefix: "", remotePrefix: "" },
		]);
		expect(read('cmd/+ in 1 "" site1/').rules).toEqual([
			{ filter: "cmd/+", direction: "in", qos: 1, localPrefix: "", remotePrefix: "site1/" },
		]);
		expect(read('"" out 0 local/one remote/one').rules).toEqual([
			{ filter: "", direction: "out", qos: 0, localPrefix: "local/one", remotePrefix: "remote/one" },
		]);
	});

	test("as mappings", () => {
		const rule = { filter: "a/#", direction: "both", qos: 1, local_prefix: "l/", remote_prefix: "" };
		expect(read([rule]).rules).toEqual([
			{ filter: "a/#", direction: "both", qos: 1, localPrefix: "l/", remotePrefix: "" },
		]);
	});

	test.each([
		[[], "is empty"],
		[["a/# sideways"], '"sideways" is not allowed; it takes one of in, out, both'],
		[["a/# in 3"], '"3" is not allowed; it takes a whole number from 0 to 2'],
		[["a/# in 1 l/ r/ x"], "has more than"],
		[["a/#/b"], "has # before its end"],
		[["a# both 0 l/ r/"], "has # before its end"],
		[["a both 0 l+/ r/"], "has a wildcard in its prefix"],
		[['"" out'], "is empty"],
		[["$share/group/a in 1"], "is a shared subscription"],
		[['a in 1 "" $share/group/'], "is a shared subscription"],
		[[{ direction: "in" }], "is missing"],
		[[{ filter: "a", remote: "x" }], "unknown key"],
	])("%j is refused: %s", (rules, expected) => {
		const { rules: result, errors } = read(rules);
		expect(result).toBeUndefined();
		expect(errors.join("\n")).toContain(expected);
	});
});
