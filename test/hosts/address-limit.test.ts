import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { AddressLimit } from "../../hosts/hub/address-limit.ts";

class Peer extends EventEmitter {
	readonly remoteAddress: string;

	constructor(remoteAddress: string) {
		super();
		this.remoteAddress = remoteAddress;
	}
}

/** Which of the peers are let in, where one from an address is. */
function admitted(...addresses: readonly string[]): readonly boolean[] {
	const limit = new AddressLimit(1);
	return addresses.map((address) => limit.admit(new Peer(address) as unknown as Socket));
}

describe("connections from one address", () => {
	test.each([
		["an address of IPv4", ["192.0.2.1", "192.0.2.2", "192.0.2.1"], [true, true, false]],
		["the same as a listener for both families sees it", ["192.0.2.1", "::ffff:192.0.2.1"], [true, false]],
		["a network of IPv6, whose addresses one machine can have", ["2001:db8::1", "2001:db8::2:3:4:5"], [true, false]],
		["not of two networks", ["2001:db8::1", "2001:db8:0:1::1"], [true, true]],
	])("%s", (_, addresses, expected) => {
		expect(admitted(...addresses)).toEqual(expected);
	});

	test("count until they close", () => {
		const limit = new AddressLimit(1);
		const first = new Peer("2001:db8::1");
		expect(limit.admit(first as unknown as Socket)).toBe(true);
		first.emit("close");
		expect(limit.admit(new Peer("2001:db8::2") as unknown as Socket)).toBe(true);
	});
});
