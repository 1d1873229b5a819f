const ATOM_HEADER = 8;

/** Bytes of bytecode in a compiled module (.xsb): its atom CODE. A container of atoms, each a length, a name, and content. */
export function bytecodeOf(xsb: Buffer): number {
	let sum = 0;
	for (let at = ATOM_HEADER; at + ATOM_HEADER <= xsb.length; ) {
		const length = xsb.readUInt32BE(at);
		if (length < ATOM_HEADER) break;
		if (xsb.toString("latin1", at + 4, at + ATOM_HEADER) === "CODE") sum += length - ATOM_HEADER;
		at += length;
	}
	return sum;
}
