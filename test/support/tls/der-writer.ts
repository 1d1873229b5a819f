/** One element in DER: identifier octet, shortest definite length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
	const length = content.reduce((sum, part) => sum + part.length, 0);
	return concat(Uint8Array.of(tag, ...lengthOctets(length)), ...content);
}

export function sequence(...content: readonly Uint8Array[]): Uint8Array {
	return der(0x30, ...content);
}

export function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** A dNSName and an iPAddress as GeneralName. */
export function dnsName(name: string): Uint8Array {
	return der(0x82, ascii(name));
}

export function ipAddress(...octets: readonly number[]): Uint8Array {
	return der(0x87, Uint8Array.from(octets));
}

/** A directoryName with common names. */
export function directoryName(...commonNames: readonly string[]): Uint8Array {
	return der(0xa4, distinguishedName(...commonNames));
}

/** A Name with common names, one to an RDN. */
export function distinguishedName(...commonNames: readonly string[]): Uint8Array {
	const type = der(0x06, Uint8Array.of(0x55, 4, 3));
	return sequence(...commonNames.map((name) => der(0x31, sequence(type, der(0x0c, ascii(name))))));
}

function lengthOctets(length: number): number[] {
	if (length < 0x80) return [length];
	return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
