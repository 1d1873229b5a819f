/**
 * An IPv4 or IPv6 literal in network order (4 or 16 octets), or undefined if the text is neither. No zones, no ports.
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
	if (!text.includes(":")) {
		const octets = parseIpv4(text);
		return octets === undefined ? undefined : Uint8Array.from(octets);
	}
	return parseIpv6(text);
}

/** For a message: dotted decimal, or groups of hexadecimal digits without shortening. */
export function formatIpAddress(address: Uint8Array): string {
	if (address.length === 4) return address.join(".");
	let text = "";
	for (let at = 0; at + 1 < address.length; at += 2) {
		text += (at === 0 ? "" : ":") + (((address[at] ?? 0) << 8) | (address[at + 1] ?? 0)).toString(16);
	}
	return text;
}

/** Four decimal numbers without leading zeros: what some readers would take as octal is not an address here. */
function parseIpv4(text: string): number[] | undefined {
	const octets = text.split(".", 5).map((part) => parseNumber(part, 10, 3));
	const valid = octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255);
	return valid && !text.split(".").some((part) => part.length > 1 && part.startsWith("0")) ? octets : undefined;
}

/** RFC 4291 section 2.2: eight groups, one run of zeros as `::`, the last two groups perhaps as an IPv4 address. */
function parseIpv6(text: string): Uint8Array | undefined {
	const halves = text.split("::", 3);
	const head = parseGroups(halves[0] ?? "", halves.length === 1);
	const tail = halves.length === 1 ? [] : parseGroups(halves[1] ?? "", true);
	if (head === undefined || tail === undefined || halves.length > 2) return undefined;
	const length = head.length + tail.length;
	if (halves.length === 1 ? length !== 16 : length > 14) return undefined;
	const address = new Uint8Array(16);
	address.set(head, 0);
	address.set(tail, 16 - tail.length);
	return address;
}

function parseGroups(text: string, last: boolean): number[] | undefined {
	const octets: number[] = [];
	const groups = text === "" ? [] : text.split(":", 9);
	for (const [index, group] of groups.entries()) {
		const dotted = last && index === groups.length - 1 && group.includes(".") ? parseIpv4(group) : undefined;
		const value = dotted === undefined ? parseNumber(group, 16, 4) : 0;
		if (value < 0) return undefined;
		octets.push(...(dotted ?? [value >> 8, value & 0xff]));
	}
	return octets;
}

/** Between one and `maxDigits` digits, or -1. */
function parseNumber(text: string, radix: 10 | 16, maxDigits: number): number {
	if (text.length === 0 || text.length > maxDigits) return -1;
	let value = 0;
	for (let at = 0; at < text.length; at++) {
		const digit = digitValue(text.charCodeAt(at));
		if (digit >= radix) return -1;
		value = value * radix + digit;
	}
	return value;
}

function digitValue(code: number): number {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	const lower = code | 0x20;
	return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : 16;
}
