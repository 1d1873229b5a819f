import { createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recipe } from "../../vectors/tls-certificates.ts";
import { OpenSsl } from "../openssl/openssl.ts";

/** The host that the certificates are for. */
export const HOST = "broker.example.com";

const CA = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign", "subjectKeyIdentifier=hash"];
const SERVER = ["basicConstraints=CA:FALSE", "keyUsage=digitalSignature", "extendedKeyUsage=serverAuth"];
const CLIENT = ["keyUsage=digitalSignature", "extendedKeyUsage=clientAuth"];
const LEAF = [...SERVER, `subjectAltName=DNS:${HOST},DNS:*.wild.example.com,IP:127.0.0.1`];
const MANY_NAMES = Array.from({ length: 300 }, (_, number) => `DNS:host-${number}.example.com`).join(",");

const KEYS = {
	root: "P-256",
	root384: "P-384",
	rootRsa: "RSA-2048",
	intermediate: "P-256",
	intermediateRsa: "RSA-2048",
	leaf: "P-256",
	second: "P-384",
	leafRsa: "RSA-2048",
	rogue: "P-256",
} as const;

const EXPIRED = { from: "20200101000000Z", to: "20240101000000Z" };
const FUTURE = { from: "20400101000000Z" };
const nextYear = () => `${new Date().getUTCFullYear() + 1}1231235959Z`;
const signed = (key: keyof typeof KEYS, issuer: string, extensions = LEAF): Recipe => {
	return { subject: "/CN=Broker", key, issuer, extensions };
};
const issuing = (key: keyof typeof KEYS, issuer: string, extensions = CA): Recipe => {
	return { subject: `/CN=${key}`, key, issuer, extensions };
};

/** Issuers come before what they issue. */
const RECIPES = {
	root: { subject: "/CN=Root", key: "root", extensions: CA },
	root384: { subject: "/CN=Root 384", key: "root384", extensions: CA, digest: "sha384" },
	rootRsa: { subject: "/CN=Root RSA", key: "rootRsa", extensions: CA },
	rootSoon: { subject: "/CN=Root for a year", key: "root", extensions: CA, to: nextYear() },
	intermediate: issuing("intermediate", "root"),
	intermediateRsa: issuing("intermediateRsa", "rootRsa"),
	intermediateExpired: { ...issuing("intermediate", "root"), ...EXPIRED },
	intermediateNotCa: issuing("intermediate", "root", SERVER),
	intermediateConstrained: issuing("intermediate", "root", [
		...CA,
		"nameConstraints=critical,permitted;DNS:other.example",
	]),
	/** Has the intermediate's name, and another key. */
	impostor: { subject: "/CN=intermediate", key: "rogue", extensions: CA },
	leaf: signed("leaf", "intermediate"),
	leafOfRoot: signed("leaf", "root"),
	leafRsa: signed("leafRsa", "intermediateRsa"),
	leaf384: { ...signed("second", "root384"), digest: "sha384" },
	leafLarge: signed("leaf", "intermediate", [...SERVER, `subjectAltName=DNS:${HOST},${MANY_NAMES}`]),
	leafExpired: { ...signed("leaf", "intermediate"), ...EXPIRED },
	leafFuture: { ...signed("leaf", "intermediate"), ...FUTURE },
	leafForged: signed("leaf", "impostor"),
	device: signed("leaf", "intermediate", CLIENT),
	deviceRsa: signed("leafRsa", "root", CLIENT),
	device384: signed("second", "root", CLIENT),
	deviceExpired: { ...signed("leaf", "root", CLIENT), ...EXPIRED },
	/** Of no CA that a server knows. */
	deviceUnknown: signed("leaf", "impostor", CLIENT),
	selfSigned: { subject: "/CN=Broker", key: "leaf", extensions: LEAF },
} satisfies Record<string, Recipe>;

export type CertificateName = keyof typeof RECIPES;

/** What a TLS server or client of Node takes. */
export interface Identity {
	readonly cert: string;
	readonly key: string;
}

/** Certificates for servers and clients, made by OpenSSL and valid today. */
export class Authority {
	readonly #folder = mkdtempSync(join(tmpdir(), "motehub-authority-"));
	readonly #ders = new Map<CertificateName, Buffer>();

	constructor() {
		const openssl = new OpenSsl(this.#folder);
		for (const [name, kind] of Object.entries(KEYS)) openssl.makeKey(name, kind);
		for (const [name, recipe] of Object.entries(RECIPES) as [CertificateName, Recipe][]) {
			const issuerKey = RECIPES[(recipe.issuer ?? name) as CertificateName].key;
			this.#ders.set(name, openssl.makeCertificate(name, recipe, issuerKey));
		}
	}

	der(name: CertificateName): Buffer {
		return this.#ders.get(name) ?? Buffer.alloc(0);
	}

	/** The path of a certificate in PEM. */
	pemPath(name: CertificateName): string {
		return join(this.#folder, `${name}.pem`);
	}

	/** The path of a certificate's private key in PEM. */
	keyPath(name: CertificateName): string {
		return join(this.#folder, `${RECIPES[name].key}.key`);
	}

	/** The same key in DER, as PKCS #8. */
	keyDer(name: CertificateName): Buffer {
		return createPrivateKey(readFileSync(this.keyPath(name))).export({ type: "pkcs8", format: "der" });
	}

	/** A chain, with the key of its first certificate. */
	identity(chain: readonly [CertificateName, ...CertificateName[]]): Identity {
		return {
			cert: chain.map((name) => readFileSync(this.pemPath(name), "utf8")).join(""),
			key: readFileSync(this.keyPath(chain[0]), "utf8"),
		};
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true });
	}
}
