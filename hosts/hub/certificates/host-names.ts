import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

/** What a server certificate is for, as in its subjectAltName: addresses in their canonical form, names in lower case. */
export type HostNames = readonly string[];

/** The names and addresses by which this machine is reached. IPv6 addresses are left out: most change daily. */
export function namesOfThisHost(): HostNames {
	const host = hostname().toLowerCase();
	const short = host.split(".", 1)[0] ?? host;
	const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
	return unique([
		...[host, `${short}.local`, "localhost"].filter(isHostName),
		...addresses.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address),
		"127.0.0.1",
		"::1",
	]);
}

/** The names in a certificate's subjectAltName, as Node prints it. */
export function namesIn(subjectAltName: string | undefined): HostNames {
	const names = (subjectAltName ?? "")
		.split(", ")
		.flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
	return unique(names.map(canonicalName));
}

/** A name or address as it stands in certificates; undefined for what can be neither. */
export function parseHostName(text: string): string | undefined {
	const bare = text.replace(/^\[(.*)\]$/, "$1");
	return isIP(bare) !== 0 || isHostName(bare) ? canonicalName(bare) : undefined;
}

export function unique(names: HostNames): HostNames {
	return [...new Set(names)];
}

function canonicalName(name: string): string {
	// URL writes IPv6 addresses as RFC 5952 wants them.
	return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
}

function isHostName(name: string): boolean {
	return name.length <= 253 && /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i.test(name);
}
