import { startsWith } from "./bytes.ts";
import { DerReader, TAG } from "./der.ts";
import { GENERAL_NAME } from "./general-names.ts";
import { lowerCase } from "./host-name.ts";

const DOT = 0x2e;
const STAR = 0x2a;

/** Whether a name of the form `tag` is surely within a subtree of the same form (RFC 5280 section 4.2.1.10). */
export function isInside(tag: number, name: Uint8Array, base: Uint8Array): boolean {
	switch (tag) {
		case GENERAL_NAME.dnsName:
			return isSubdomain(name, base);
		case GENERAL_NAME.ipAddress:
			return inNetwork(name, base);
		case GENERAL_NAME.directoryName:
			return isSubtreeName(name, base);
		default:
			return false;
	}
}

/** Whether a name of the form `tag` is surely outside of a subtree of the same form. */
export function isOutside(tag: number, name: Uint8Array, base: Uint8Array): boolean {
	switch (tag) {
		case GENERAL_NAME.dnsName:
			return !isSubdomain(name, base) && !wildcardReaches(name, base);
		case GENERAL_NAME.ipAddress:
			return isNetwork(base) && isAddress(name) && !inNetwork(name, base);
		default:
			// Octets that differ may still be the same directory name, in other letters or another type of string.
			return false;
	}
}

/** Whether `name` is `base` or ends in it at a label's boundary. A leading dot in the base asks for one label more. */
function isSubdomain(name: Uint8Array, base: Uint8Array): boolean {
	const start = name.length - base.length;
	if (start < 0 || !endsWithText(name, base)) return false;
	if (base.length === 0 || (base[0] === DOT && start > 0)) return true;
	return base[0] !== DOT && (start === 0 || name[start - 1] === DOT);
}

/** Whether `*.example.com` can stand for the excluded `host.example.com`. */
function wildcardReaches(name: Uint8Array, base: Uint8Array): boolean {
	const dot = base.indexOf(DOT);
	if (name[0] !== STAR || dot <= 0) return false;
	const parent = base.subarray(dot);
	return name.length === 1 + parent.length && endsWithText(name, parent);
}

/** Whether `name` ends in `end`, ASCII letters in either case. */
function endsWithText(name: Uint8Array, end: Uint8Array): boolean {
	const start = name.length - end.length;
	return end.every((octet, at) => lowerCase(octet) === lowerCase(name[start + at] ?? 0));
}

function isAddress(name: Uint8Array): boolean {
	return name.length === 4 || name.length === 16;
}

/** An address and a mask, of either family. */
function isNetwork(base: Uint8Array): boolean {
	return base.length === 8 || base.length === 32;
}

function inNetwork(address: Uint8Array, base: Uint8Array): boolean {
	const length = address.length;
	if (!isNetwork(base) || base.length !== 2 * length) return false;
	return address.every((octet, at) => ((octet ^ (base[at] ?? 0)) & (base[length + at] ?? 0)) === 0);
}

/** A Name is within another if it begins with the same RDNs. */
function isSubtreeName(name: Uint8Array, base: Uint8Array): boolean {
	return startsWith(new DerReader(name).take(TAG.sequence), new DerReader(base).take(TAG.sequence));
}
