import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, in order. Throws what Node says about one that is none. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
	return [...pem.matchAll(CERTIFICATE)].map(([block]) => new X509Certificate(block));
}

/** `CN=hub.local`, on one line. */
export function subjectOf(certificate: X509Certificate): string {
	return certificate.subject.replaceAll("\n", ", ");
}
