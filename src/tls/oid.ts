import { type DerReader, TAG } from "./der.ts";

/** Longest encoding accepted: the longest in use, UUIDs under 2.25, take 20 octets. */
const MAX_OCTETS = 32;

/**
 * An OBJECT IDENTIFIER in dotted form (X.690 section 8.19). Arcs above 2^53 lose digits in the text, but an arc in its
 * shortest form never reads as a smaller one, so the text of a known identifier is always that identifier.
 */
export function readOid(reader: DerReader): string {
	const content = reader.take(TAG.oid);
	if (content.length === 0 || content.length > MAX_OCTETS) throw reader.error("OBJECT IDENTIFIER of unfit length");
	let text = "";
	let arc = 0;
	let arcStart = true;
	for (let at = 0; at < content.length; at++) {
		const octet = content[at] ?? 0;
		if (arcStart && octet === 0x80) throw reader.error("OBJECT IDENTIFIER with needless octets");
		arc = arc * 128 + (octet & 0x7f);
		arcStart = octet < 0x80;
		if (!arcStart) continue;
		text = text === "" ? firstArcs(arc) : `${text}.${arc}`;
		arc = 0;
	}
	if (!arcStart) throw reader.error("OBJECT IDENTIFIER cut short");
	return text;
}

/** The first two arcs share one number: 40 × the first (0, 1 or 2) + the second. */
function firstArcs(arc: number): string {
	const first = Math.min(2, Math.floor(arc / 40));
	return `${first}.${arc - first * 40}`;
}
