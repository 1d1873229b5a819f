import * as crypto from "node:crypto";
import type { Argon2Parameters } from "./password-hash.ts";

type Argon2 = (
	algorithm: "argon2id",
	parameters: Argon2Parameters & { readonly message: Uint8Array; readonly tagLength: number },
	callback: (error: Error | null, tag: Buffer) => void,
) => void;

// Node has it since 24.7; the typings are those of the oldest Node that we support.
const argon2 = (crypto as { readonly argon2?: Argon2 }).argon2;

export function hasArgon2(): boolean {
	return argon2 !== undefined;
}

/** Argon2id (RFC 9106) of a password, `length` bytes, off the main thread. */
export function argon2id(password: Uint8Array, parameters: Argon2Parameters, length: number): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		if (argon2 === undefined) return reject(new Error("this Node has no argon2"));
		argon2("argon2id", { ...parameters, message: password, tagLength: length }, (error, tag) => {
			if (error === null) resolve(tag);
			else reject(error);
		});
	});
}
