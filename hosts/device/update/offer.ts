import { decodeUtf8, encodeUtf8, ProtocolError } from "../../../src/codec/index.ts";
import { parseJsonObject } from "../../../src/json/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import { topicNameFault } from "../../../src/topic/index.ts";
import { fromHex, hex } from "./hex.ts";

/** A firmware image that somebody offers, as JSON on the device's `update` topic. */
export interface Offer {
	readonly version: string;
	/** Bytes of the image. */
	readonly size: number;
	/** SHA-256 of the image, 64 hexadecimal digits in small letters. */
	readonly sha256: string;
	/** Where the image is, retained. Default: `update/image` below the device's own topics. */
	readonly topic?: string;
	/** For people. */
	readonly summary?: string;
	/** When the firmware was built, since 1970. A signed offer must say it. */
	readonly built?: Seconds;
	/** Of `statementOf` the offer: ECDSA with SHA-256, in DER. */
	readonly signature?: Uint8Array;
}

/** More than a person wants to read in Home Assistant. */
const LONGEST_TEXT = 255;
/** In s: what counts milliseconds is beyond it. */
const LATEST_TIME: Seconds = 2 ** 40;
const DIGEST_LENGTH = 32;
/** The longest in DER, on P-256. */
const SIGNATURE_LENGTH = 72;

/** Reads an offer, or says what is wrong with it. */
export function readOffer(payload: Uint8Array): Offer | { readonly fault: string } {
	const value = parse(payload);
	if (value === undefined) return { fault: "the offer is no JSON object" };
	const { version, size, sha256, topic, summary, built, signature } = value;
	if (!isText(version)) return { fault: 'the offer has no "version"' };
	if (!isCount(size)) return { fault: 'the offer has no "size" in bytes' };
	const digest = octetsOf(sha256, DIGEST_LENGTH);
	if (digest?.length !== DIGEST_LENGTH) return { fault: 'the offer has no "sha256" of 64 hexadecimal digits' };
	if (topic !== undefined && (!isText(topic) || topicNameFault(topic) !== undefined))
		return { fault: `the offer's "topic" is no topic name of up to ${LONGEST_TEXT} characters` };
	if (summary !== undefined && !isText(summary))
		return { fault: `the offer's "summary" is no text of up to ${LONGEST_TEXT} characters` };
	if (built !== undefined && !(isCount(built) && built < LATEST_TIME))
		return { fault: 'the offer\'s "built" is no time in whole seconds since 1970' };
	const signed = octetsOf(signature, SIGNATURE_LENGTH);
	if (signature !== undefined && signed === undefined)
		return { fault: 'the offer\'s "signature" is no ECDSA signature, in DER and hexadecimal digits' };
	return {
		version,
		size,
		sha256: hex(digest),
		...(topic !== undefined && { topic }),
		...(summary !== undefined && { summary }),
		...(built !== undefined && { built }),
		...(signed !== undefined && { signature: signed }),
	};
}

/** What the signature of an offer is of: five lines, the last four the firmware's version, its image's bytes and SHA-256, and `built`. */
export function statementOf({ version, size, sha256 }: Offer, built: Seconds): Uint8Array {
	return encodeUtf8(`motehub-update\n${version}\n${size}\n${sha256}\n${built}\n`);
}

function parse(payload: Uint8Array): Readonly<Record<string, unknown>> | undefined {
	try {
		return parseJsonObject(decodeUtf8(payload, 0, payload.length));
	} catch (error) {
		if (error instanceof ProtocolError) return undefined;
		throw error;
	}
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= LONGEST_TEXT;
}

function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value > 0;
}

/** Undefined unless it is hexadecimal digits, for `most` octets at most. */
function octetsOf(value: unknown, most: number): Uint8Array | undefined {
	return typeof value === "string" && value.length <= 2 * most ? fromHex(value) : undefined;
}
