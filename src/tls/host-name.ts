import { bytesEqual } from "./bytes.ts";
import { firstName, GENERAL_NAME } from "./general-names.ts";
import { formatIpAddress, parseIpAddress } from "./ip-address.ts";

/** Whom the client means to reach: the reference identity of RFC 9525 section 6.1. */
export type HostIdentity =
	| { readonly kind: "dns"; readonly name: string }
	| { readonly kind: "ip"; readonly address: Uint8Array };

const MAX_NAME = 253;
const MAX_LABEL = 63;
const DOT = 0x2e;
const STAR = 0x2a;

/**
 * Reads a host as people write it: a DNS name (one trailing dot is taken off), an IPv4 address, or an IPv6 address with
 * or without brackets. Undefined if it is none of these, so that no certificate can be for it. Names that are not ASCII
 * must come as A-labels (`xn--…`).
 */
export function parseHost(host: string): HostIdentity | undefined {
	const literal = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
	const address = parseIpAddress(literal);
	if (address !== undefined) return { kind: "ip", address };
	const name = host.endsWith(".") ? host.slice(0, -1) : host;
	return isDnsName(name) ? { kind: "dns", name } : undefined;
}

/** Whether one of the subjectAltNames (the content of GeneralNames) is for this host (RFC 9525 section 6). */
export function namesHost(subjectAltName: Uint8Array, host: HostIdentity): boolean {
	const found = firstName(subjectAltName, (tag, value) => {
		if (host.kind === "ip") return (tag === GENERAL_NAME.ipAddress && bytesEqual(value, host.address)) || undefined;
		return (tag === GENERAL_NAME.dnsName && dnsNameMatches(value, host.name)) || undefined;
	});
	return found === true;
}

/** DNS names and IP addresses that the subjectAltNames hold, at most `limit`, for a message. */
export function listHosts(subjectAltName: Uint8Array, limit: number): string[] {
	const hosts: string[] = [];
	firstName(subjectAltName, (tag, value) => {
		if (tag === GENERAL_NAME.dnsName) hosts.push(printableAscii(value));
		if (tag === GENERAL_NAME.ipAddress) hosts.push(formatIpAddress(value.subarray(0, 16)));
		return hosts.length < limit ? undefined : true;
	});
	return hosts;
}

/**
 * Whether a presented dNSName is for `name`. ASCII letters match in either case. A wildcard is the whole left-most
 * label, stands for exactly one label, and has at least two labels after it, since `*.com` or `*.local` would be
 * everybody's.
 */
function dnsNameMatches(presented: Uint8Array, name: string): boolean {
	if (presented[0] !== STAR) return asciiEquals(presented, 0, name, 0);
	const dot = name.indexOf(".");
	return dot > 0 && presented.indexOf(DOT, 2) > 0 && asciiEquals(presented, 1, name, dot);
}

/** Compares the rest of both. `text` is a DNS name, so octets that no DNS name has (NUL, *) are equal to none of it. */
function asciiEquals(bytes: Uint8Array, from: number, text: string, textFrom: number): boolean {
	const length = bytes.length - from;
	if (length !== text.length - textFrom) return false;
	for (let index = 0; index < length; index++) {
		if (lowerCase(bytes[from + index] ?? 0) !== lowerCase(text.charCodeAt(textFrom + index))) return false;
	}
	return true;
}

/** The code of an ASCII letter in lower case; other codes as they are. */
export function lowerCase(code: number): number {
	return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}

/**
 * Letters, digits, hyphens and underscores; the last label is not a number, for that would be a broken IPv4 address.
 */
function isDnsName(name: string): boolean {
	if (name.length === 0 || name.length > MAX_NAME) return false;
	const labels = name.split(".");
	return labels.every(isLabel) && !isNumeric(labels.at(-1) ?? "");
}

function isLabel(label: string): boolean {
	if (label.length === 0 || label.length > MAX_LABEL) return false;
	for (let at = 0; at < label.length; at++) if (!isLabelCode(label.charCodeAt(at))) return false;
	return true;
}

function isLabelCode(code: number): boolean {
	const lower = code | 0x20;
	return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}

function isNumeric(label: string): boolean {
	for (let at = 0; at < label.length; at++) {
		const code = label.charCodeAt(at);
		if (code < 0x30 || code > 0x39) return false;
	}
	return true;
}

function printableAscii(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length && at < MAX_NAME; at++) {
		const octet = bytes[at] ?? 0;
		text += octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : "?";
	}
	return text;
}
