import { decodeUtf8, ProtocolError } from "../../../src/codec/index.ts";
import { topicNameFault } from "../../../src/topic/index.ts";

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
}

/** More than a person wants to read in Home Assistant. */
const LONGEST_TEXT = 255;
const DIGEST_LENGTH = 64;
const DIGITS = "0123456789abcdef";

/** Reads an offer, or says what is wrong with it. */
export function readOffer(payload: Uint8Array): Offer | { readonly fault: string } {
	const value = parse(payload);
	if (value === undefined) return { fault: "the offer is no JSON object" };
	const { version, size, sha256, topic, summary } = value;
	if (!isText(version)) return { fault: 'the offer has no "version"' };
	if (typeof size !== "number" || !Number.isInteger(size) || size <= 0)
		return { fault: 'the offer has no "size" in bytes' };
	const digest = typeof sha256 === "string" ? sha256.toLowerCase() : "";
	if (!isDigest(digest)) return { fault: 'the offer has no "sha256" of 64 hexadecimal digits' };
	if (topic !== undefined && (!isText(topic) || topicNameFault(topic) !== undefined))
		return { fault: `the offer's "topic" is no topic name of up to ${LONGEST_TEXT} characters` };
	if (summary !== undefined && !isText(summary))
		return { fault: `the offer's "summary" is no text of up to ${LONGEST_TEXT} characters` };
	return {
		version,
		size,
		sha256: digest,
		...(topic !== undefined && { topic }),
		...(summary !== undefined && { summary }),
	};
}

/** Bytes in hexadecimal digits, as the offer has them. */
export function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
	return text;
}

function parse(payload: Uint8Array): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(decodeUtf8(payload, 0, payload.length));
		return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof ProtocolError) return undefined;
		throw error;
	}
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= LONGEST_TEXT;
}

function isDigest(text: string): boolean {
	for (let at = 0; at < text.length; at++) if (!DIGITS.includes(text.charAt(at))) return false;
	return text.length === DIGEST_LENGTH;
}
