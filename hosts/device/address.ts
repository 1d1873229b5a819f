const OCTETS = 4;
const LARGEST_OCTET = 255;

/** Whether `host` is an IPv4 address in dotted decimal, and so needs no resolving. */
export function isIPv4Address(host: string): boolean {
	const octets = host.split(".");
	return octets.length === OCTETS && octets.every(isOctet);
}

function isOctet(text: string): boolean {
	if (text.length === 0 || text.length > 3 || (text.length > 1 && text.startsWith("0"))) return false;
	for (let at = 0; at < text.length; at++) {
		const digit = text.charCodeAt(at) - 0x30;
		if (digit < 0 || digit > 9) return false;
	}
	return Number(text) <= LARGEST_OCTET;
}
