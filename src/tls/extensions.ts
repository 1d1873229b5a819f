import { contextTag, DerReader, TAG } from "./der.ts";
import { readGeneralNames } from "./general-names.ts";
import { type NameConstraints, readNameConstraints } from "./name-constraints.ts";
import { readOid } from "./oid.ts";

/** Bits of keyUsage (RFC 5280 section 4.2.1.3), the first of the BIT STRING as the highest of an octet. */
export const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04 } as const;

/** What a certificate's extensions say (RFC 5280 section 4.2). Undefined: the extension is absent. */
export interface Extensions {
	/** basicConstraints: whether the subject is a CA. False as well when the extension is absent. */
	readonly isCa: boolean;
	/** basicConstraints: how many CA certificates may follow on the way to the leaf, self-issued ones not counted. */
	readonly pathLength: number | undefined;
	/** The first octet of keyUsage; see `KEY_USAGE`. */
	readonly keyUsage: number | undefined;
	/** extendedKeyUsage: whether it names serverAuth or any usage. */
	readonly allowsServerAuth: boolean | undefined;
	/** The content of subjectAltName's GeneralNames. */
	readonly subjectAltName: Uint8Array | undefined;
	readonly subjectKeyId: Uint8Array | undefined;
	readonly authorityKeyId: Uint8Array | undefined;
	readonly nameConstraints: NameConstraints | undefined;
	/** The first critical extension that is not understood here. Such a certificate must not be used. */
	readonly unknownCritical: string | undefined;
}

type Draft = { -readonly [Key in keyof Extensions]: Extensions[Key] };
const MAX_PATH_LENGTH = 0xff;

/** Reads the content of Extensions, or says what their absence says. Throws `DerError`. */
export function readExtensions(list: DerReader | undefined): Extensions {
	const draft = emptyDraft();
	let seen = 0;
	while (list !== undefined && !list.done) {
		const extension = list.enter(TAG.sequence);
		const oid = readOid(extension);
		const critical = extension.tag === TAG.boolean && extension.boolean();
		const value = new DerReader(extension.take(TAG.octetString));
		extension.finish();
		const bit = readKnown(draft, oid, value);
		if (bit === 0 && critical) draft.unknownCritical ??= oid;
		// RFC 5280 section 4.2: not more than one instance of an extension.
		if ((seen & bit) !== 0) throw list.error(`extension ${oid} twice`);
		seen |= bit;
	}
	return draft;
}

function emptyDraft(): Draft {
	return {
		isCa: false,
		pathLength: undefined,
		keyUsage: undefined,
		allowsServerAuth: undefined,
		subjectAltName: undefined,
		subjectKeyId: undefined,
		authorityKeyId: undefined,
		nameConstraints: undefined,
		unknownCritical: undefined,
	};
}

/** Reads the extension into the draft if it is one of those understood. Returns a bit of its own, or 0. */
function readKnown(draft: Draft, oid: string, value: DerReader): number {
	switch (oid) {
		case "2.5.29.14":
			draft.subjectKeyId = value.take(TAG.octetString);
			break;
		case "2.5.29.15":
			draft.keyUsage = readKeyUsage(value);
			break;
		case "2.5.29.17":
			draft.subjectAltName = readGeneralNames(value);
			break;
		case "2.5.29.19":
			readBasicConstraints(draft, value);
			break;
		case "2.5.29.30":
			draft.nameConstraints = readNameConstraints(value);
			break;
		case "2.5.29.35":
			draft.authorityKeyId = readAuthorityKeyId(value);
			break;
		case "2.5.29.37":
			draft.allowsServerAuth = readExtendedKeyUsage(value);
			break;
		default:
			return 0;
	}
	value.finish();
	return 1 << (Number(oid.slice(7)) - 14);
}

function readBasicConstraints(draft: Draft, value: DerReader): void {
	const sequence = value.enter(TAG.sequence);
	if (sequence.tag === TAG.boolean) draft.isCa = sequence.boolean();
	if (!sequence.done) {
		const octets = sequence.unsigned();
		draft.pathLength = octets.length > 1 ? MAX_PATH_LENGTH : (octets[0] ?? 0);
	}
	sequence.finish();
}

function readKeyUsage(value: DerReader): number {
	const content = value.take(TAG.bitString);
	const unused = content[0];
	if (unused === undefined || unused > 7) throw value.error("not a BIT STRING");
	return content[1] ?? 0;
}

function readExtendedKeyUsage(value: DerReader): boolean {
	const purposes = value.enter(TAG.sequence);
	let found = false;
	while (!purposes.done) {
		const purpose = readOid(purposes);
		if (purpose === "1.3.6.1.5.5.7.3.1" || purpose === "2.5.29.37.0") found = true;
	}
	return found;
}

/** The key identifier alone: issuer and serial number would only repeat what the path shows anyway. */
function readAuthorityKeyId(value: DerReader): Uint8Array | undefined {
	const sequence = value.enter(TAG.sequence);
	const tag = contextTag(0, "primitive");
	return sequence.tag === tag ? sequence.take(tag) : undefined;
}
