import type { Packet, ProtocolVersion } from "../../../src/codec/index.ts";

/** Bytes and the packet that they are, in both directions. */
export interface Vector {
	readonly name: string;
	/** The versions in which the bytes mean this. */
	readonly versions: readonly ProtocolVersion[];
	/** Which side sends it. */
	readonly from: "client" | "server" | "both";
	readonly hex: string;
	readonly packet: Packet;
	/** Why the packet is encoded as other bytes. */
	readonly decodesOnly?: string;
	/** The packet is not encoded at all. */
	readonly unencodable?: true;
}

/** Bytes that must be refused. */
export interface Malformed {
	readonly version: ProtocolVersion;
	/** Who receives it; a "fresh server" has not seen a CONNECT. */
	readonly to: "client" | "server" | "fresh server";
	/** The MQTT 5 reason code of the refusal. */
	readonly reasonCode: number;
	readonly hex: string;
	readonly name: string;
	/** What forbids it. */
	readonly spec: string;
}

/** One case a line: version, receiver, reason code and bytes (both in hexadecimal), what is wrong, what forbids it. */
export function malformed(table: string): readonly Malformed[] {
	return table.trim().split("\n").map(readRow);
}

function readRow(row: string): Malformed {
	const [version = "", to = "", reasonCode = "", hex = "", name = "", spec = ""] = row.split(" | ");
	return {
		version: Number(version) as ProtocolVersion,
		to: to as Malformed["to"],
		reasonCode: Number.parseInt(reasonCode, 16),
		hex,
		name,
		spec,
	};
}

/** The bytes that hexadecimal digits stand for. */
export function fromHex(digits: string): Uint8Array {
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

export function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
