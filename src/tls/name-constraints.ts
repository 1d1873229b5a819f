import { contextTag, DerReader, TAG } from "./der.ts";
import { firstName, GENERAL_NAME, readGeneralName } from "./general-names.ts";
import { isInside, isOutside } from "./subtree.ts";

/** NameConstraints (RFC 5280 section 4.2.1.10): what a CA may certify. Contents of well-formed GeneralSubtrees. */
export interface NameConstraints {
	readonly permitted: Uint8Array;
	readonly excluded: Uint8Array;
}

/**
 * The names of a certificate: its subject, a Name in DER, and the content of its subjectAltName, empty if it has none.
 */
export interface CertificateNames {
	readonly subject: Uint8Array;
	readonly subjectAltName: Uint8Array;
}

/** Reads NameConstraints. Throws `DerError`. */
export function readNameConstraints(reader: DerReader): NameConstraints {
	const sequence = reader.enter(TAG.sequence);
	const constraints = { permitted: readSubtrees(sequence, 0), excluded: readSubtrees(sequence, 1) };
	sequence.finish();
	return constraints;
}

function readSubtrees(sequence: DerReader, number: number): Uint8Array {
	const tag = contextTag(number, "constructed");
	const subtrees = sequence.tag === tag ? sequence.take(tag) : new Uint8Array(0);
	countSubtrees(subtrees);
	return subtrees;
}

/**
 * Whether every name of a certificate is one that the constraints allow, each against the subtrees of its own form.
 * Compared are DNS names, IP addresses and permitted directory names; a name that meets a constraint of another form is
 * not allowed, as RFC 5280 asks of who cannot compare it. Undefined if it would take more than `maxChecks` comparisons.
 */
export function namesAllowed(
	constraints: NameConstraints,
	{ subject, subjectAltName }: CertificateNames,
	maxChecks: number,
): boolean | undefined {
	const subtrees = countSubtrees(constraints.permitted) + countSubtrees(constraints.excluded);
	if (subtrees * (1 + countNames(subjectAltName)) > maxChecks) return undefined;
	const subjectAllowed = isEmpty(subject) || nameAllowed(constraints, GENERAL_NAME.directoryName, subject);
	const refused = firstName(subjectAltName, (tag, name) => (nameAllowed(constraints, tag, name) ? undefined : tag));
	return subjectAllowed && refused === undefined;
}

function isEmpty(name: Uint8Array): boolean {
	return new DerReader(name).take(TAG.sequence).length === 0;
}

function countNames(names: Uint8Array): number {
	let count = 0;
	firstName(names, () => {
		count++;
		return undefined;
	});
	return count;
}

function countSubtrees(list: Uint8Array): number {
	let count = 0;
	firstSubtree(list, () => {
		count++;
		return undefined;
	});
	return count;
}

function nameAllowed(constraints: NameConstraints, form: number, name: Uint8Array): boolean {
	const hit = firstSubtree(
		constraints.excluded,
		(tag, base) => (tag === form && !isOutside(form, name, base)) || undefined,
	);
	if (hit === true) return false;
	let restricted = false;
	const permitted = firstSubtree(constraints.permitted, (tag, base) => {
		restricted ||= tag === form;
		return (tag === form && isInside(form, name, base)) || undefined;
	});
	return permitted === true || !restricted;
}

/** Asks `test` about the base of each subtree until it says true. Throws `DerError`. */
function firstSubtree(list: Uint8Array, test: (tag: number, base: Uint8Array) => true | undefined): true | undefined {
	const reader = new DerReader(list);
	while (!reader.done) {
		const subtree = reader.enter(TAG.sequence);
		const tag = subtree.tag;
		const base = readGeneralName(subtree);
		// RFC 5280 section 4.2.1.10: minimum is 0, the default that DER leaves out, and maximum is absent.
		subtree.finish();
		if (test(tag, base)) return true;
	}
	return undefined;
}
