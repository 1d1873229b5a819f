import type { Certificate } from "./certificate.ts";
import { listHosts, namesHost, parseHost } from "./host-name.ts";
import { type Refusal, refuseCertificate } from "./refusal.ts";

/** Only subjectAltName counts: the common name is text for people (RFC 9525 section 2). */
export function checkHost(leaf: Certificate, host: string): Refusal | undefined {
	const identity = parseHost(host);
	const names = leaf.extensions.subjectAltName;
	if (identity !== undefined && names !== undefined && namesHost(names, identity)) return undefined;
	const hosts = names === undefined ? "no host, having no subjectAltName" : listHosts(names, 4).join(", ") || "no host";
	const asked = identity === undefined ? `"${host}", which is neither a DNS name nor an IP address` : `"${host}"`;
	const remedy = "use a name of the certificate, or have it issued for this one";
	return refuseCertificate("wrong-host", leaf, `is for ${hosts}, not for ${asked}`, remedy);
}
