import { describe, expect, test } from "@jest/globals";
import { withReasonCodes } from "../../tools/device/reason-codes.ts";

describe("the reason codes of a device's bundle", () => {
	test.each([
		["fail(REASON.PROTOCOL_ERROR);", "fail(130);"],
		["-REASON.GRANTED_QOS_1 + REASON.SUCCESS", "-1 + 0"],
		["REASON[name]", "REASON[name]"],
		["REASON.UNKNOWN", "REASON.UNKNOWN"],
		["other.REASON.SUCCESS", "other.REASON.SUCCESS"],
		["MY_REASON.SUCCESS", "MY_REASON.SUCCESS"],
		["REASON2.SUCCESS", "REASON2.SUCCESS"],
	])("are numbers where the table is named: %j", (code, expected) => {
		expect(withReasonCodes(code)).toBe(expected);
	});
});
