import { X509Certificate } from "node:crypto";
import { type Issued, issueAuthority, issueServer } from "../../../hosts/hub/certificates/issue.ts";
import { AcceptingBroker } from "./broker.ts";
import type { Subject } from "./program.ts";

/** Ours and the SDK's, side by side. */
export const SUBJECTS: readonly Subject[] = [
	{ client: "motehub", transport: "tcp" },
	{ client: "sdk", transport: "tcp" },
	{ client: "motehub", transport: "tls" },
	{ client: "sdk", transport: "tls" },
];

/** Who the broker is over TLS, and how a device knows. */
export interface Identity {
	/** ECDSA on P-256, with the certificate of the CA. */
	readonly server: Issued;
	/** The CA's certificate in DER. */
	readonly ca: Uint8Array;
}

export async function makeIdentity(): Promise<Identity> {
	const now = Date.now();
	const authority = await issueAuthority("Size", now);
	const { key, certificate } = await issueServer(authority, ["localhost"], now);
	const ca = new X509Certificate(authority.certificate).raw;
	return { server: { key, certificate: certificate + authority.certificate }, ca };
}

export function brokerFor({ transport }: Subject, { server }: Identity): AcceptingBroker {
	return new AcceptingBroker(transport === "tls" ? server : undefined);
}
