import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PathRequest } from "../../../src/tls/index.ts";

/** What `openssl verify` says to the same question. `folder` is for its files. */
export function opensslVerify(folder: string, request: PathRequest): { readonly ok: boolean; readonly output: string } {
	const [leaf, ...others] = request.certificates;
	const file = (name: string, ders: readonly Uint8Array[]) => {
		const path = join(folder, name);
		writeFileSync(path, ders.map((der) => new X509Certificate(der).toString()).join(""));
		return path;
	};
	const host = request.host.replace(/[[\]]/g, "");
	const { status, stdout, stderr } = spawnSync(
		"openssl",
		[
			...["verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-trusted", file("anchors.pem", request.anchors)],
			// Any bundled certificate is an anchor; SHA-1 and keys of less than 112 bits of security are out.
			...["-partial_chain", "-auth_level", "2", "-purpose", "sslserver", "-attime", String(request.now)],
			...(request.insecure ? [] : [/^[\d.]+$|:/.test(host) ? "-verify_ip" : "-verify_hostname", host]),
			...(others.length > 0 ? ["-untrusted", file("others.pem", others)] : []),
			file("leaf.pem", leaf === undefined ? [] : [leaf]),
		],
		{ encoding: "utf8" },
	);
	return { ok: status === 0, output: stdout + stderr };
}
