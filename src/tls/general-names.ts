import { contextTag, DerReader, TAG } from "./der.ts";

/** Tags of the GeneralName choices that mean something to a TLS client (RFC 5280 section 4.2.1.6). */
export const GENERAL_NAME = {
	dnsName: contextTag(2, "primitive"),
	directoryName: contextTag(4, "constructed"),
	ipAddress: contextTag(7, "primitive"),
} as const;

/**
 * Passes one GeneralName and returns its value: the octets of a dNSName or an iPAddress, the Name in DER of a
 * directoryName. Throws `DerError`.
 */
export function readGeneralName(reader: DerReader): Uint8Array {
	const tag = reader.tag;
	if (tag !== GENERAL_NAME.directoryName) return reader.take(tag);
	const explicit = reader.enter(tag);
	const name = explicit.element(TAG.sequence);
	explicit.finish();
	return name;
}

/** Reads GeneralNames and returns their content, in which every name is well-formed. Throws `DerError`. */
export function readGeneralNames(reader: DerReader): Uint8Array {
	const names = reader.take(TAG.sequence);
	if (names.length === 0) throw reader.error("GeneralNames without a name");
	const list = new DerReader(names);
	while (!list.done) readGeneralName(list);
	return names;
}

/** The first of `names` (the content of GeneralNames) that `test` answers to with something. */
export function firstName<T>(
	names: Uint8Array,
	test: (tag: number, value: Uint8Array) => T | undefined,
): T | undefined {
	const reader = new DerReader(names);
	while (!reader.done) {
		const tag = reader.tag;
		const answer = test(tag, readGeneralName(reader));
		if (answer !== undefined) return answer;
	}
	return undefined;
}
