import { type Certificate, parseCertificate } from "./certificate.ts";
import type { PathLimits } from "./limits.ts";
import { type NameConstraints, namesAllowed } from "./name-constraints.ts";
import { type CertificationPath, isSelfIssued } from "./path-check.ts";
import { describeCertificate, type Refusal, refuseCertificate } from "./refusal.ts";

/**
 * Applies the name constraints of every CA on the path, the anchor included, to all certificates below it (RFC 5280
 * section 6.1.3, b and c). To be called once the signatures are known to be good: only then are the constraints the
 * CA's own.
 */
export function checkNameConstraints(path: CertificationPath, limits: PathLimits): Refusal | undefined {
	let index = 1;
	for (let der = path[1]; der !== undefined; der = path[++index]) {
		const issuer = parseCertificate(der);
		const constraints = issuer.extensions.nameConstraints;
		const refusal = constraints && checkBelow(constraints, issuer, path.slice(0, index), limits);
		if (refusal !== undefined) return refusal;
	}
	return undefined;
}

function checkBelow(
	constraints: NameConstraints,
	issuer: Certificate,
	below: CertificationPath,
	limits: PathLimits,
): Refusal | undefined {
	let index = 0;
	for (let der = below[0]; der !== undefined; der = below[++index]) {
		const certificate = parseCertificate(der);
		const exempt = index > 0 && isSelfIssued(certificate);
		const refusal = exempt ? undefined : checkNames(constraints, issuer, certificate, limits);
		if (refusal !== undefined) return refusal;
	}
	return undefined;
}

function checkNames(
	constraints: NameConstraints,
	issuer: Certificate,
	certificate: Certificate,
	limits: PathLimits,
): Refusal | undefined {
	const names = {
		subject: certificate.subject,
		subjectAltName: certificate.extensions.subjectAltName ?? new Uint8Array(0),
	};
	const allowed = namesAllowed(constraints, names, limits.maxConstraintChecks);
	if (allowed === true) return undefined;
	if (allowed === undefined) {
		const fault = `has more names than can be compared with the constraints of the CA ${describeCertificate(issuer)}`;
		return refuseCertificate("over-limit", certificate, fault, "have it issued for fewer names");
	}
	const fault = `holds a name that the CA ${describeCertificate(issuer)} may not certify`;
	return refuseCertificate("name-constraint", certificate, fault, "have it issued by another CA, or without that name");
}
