import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { CaError } from "./errors.ts";

const PEM_BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The certificates in a file: one in DER, or any number in PEM. Throws CaError. */
export function readCertificateFile(path: string): X509Certificate[] {
	const bytes = readBytes(path);
	const blocks = bytes.toString("latin1").match(PEM_BLOCK);
	if (blocks === null) return [parse(path, bytes)];
	return blocks.map((block) => parse(path, block));
}

/** Throws CaError. */
export function readBytes(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new CaError(`${path}: ${(error as Error).message}`, { cause: error });
	}
}

function parse(path: string, source: Buffer | string): X509Certificate {
	try {
		return new X509Certificate(source);
	} catch (error) {
		throw new CaError(`${path}: not a certificate in PEM or DER`, { cause: error });
	}
}
