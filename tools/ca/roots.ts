import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { readCertificateFile } from "./certificate-file.ts";

/** Common names of the roots of Let's Encrypt and of large hosted brokers, and who leads to them. */
const COMMON_ROOTS: Readonly<Record<string, string>> = {
	"ISRG Root X1": "Let's Encrypt (RSA), HiveMQ Cloud",
	"ISRG Root X2": "Let's Encrypt (ECDSA)",
	"DigiCert Global Root CA": "EMQX Cloud",
	"DigiCert Global Root G2": "Azure IoT, Adafruit IO",
	"Amazon Root CA 1": "AWS IoT Core",
};

/** All roots that Node trusts: those that it brings, and what `NODE_EXTRA_CA_CERTS` names. */
export function trustedRoots(environment: NodeJS.ProcessEnv): X509Certificate[] {
	const extra = environment.NODE_EXTRA_CA_CERTS;
	const brought = rootCertificates.map((pem) => new X509Certificate(pem));
	return extra ? [...brought, ...readCertificateFile(extra)] : brought;
}

/** Those of Node's roots that most brokers on the internet lead to. */
export function commonRoots(): X509Certificate[] {
	return rootCertificates
		.map((pem) => new X509Certificate(pem))
		.filter((root) => commonName(root) !== undefined && (commonName(root) ?? "") in COMMON_ROOTS);
}

/** For the help text. */
export function describeCommonRoots(): string {
	return Object.entries(COMMON_ROOTS)
		.map(([name, users]) => `  ${name}: ${users}`)
		.join("\n");
}

/** The subject's common name, if it has one. */
export function commonName({ subject }: X509Certificate): string | undefined {
	return /^CN=(.+)$/m.exec(subject)?.[1];
}
