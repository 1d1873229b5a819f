import { isIPv6 } from "node:net";
import { type Reader, reader } from "../../../src/config/index.ts";

/** Where a server listens. */
export interface Endpoint {
	/** A name or an address, without brackets. */
	readonly host: string;
	/** 0: any free port. */
	readonly port: number;
}

/** `127.0.0.1:1883`, `[::]:1883`, `0.0.0.0:1883`. */
export const endpoint: Reader<Endpoint> = reader(
	"ADDRESS:PORT, such as 127.0.0.1:1883, 0.0.0.0:1883 (all addresses of this machine) or [::]:1883",
	(value) => (typeof value === "string" ? parseEndpoint(value) : undefined),
);

function parseEndpoint(text: string): Endpoint | undefined {
	const colon = text.lastIndexOf(":");
	const port = text.slice(colon + 1);
	const host = unbracketed(text.slice(0, Math.max(0, colon)));
	if (host === undefined || !/^(?:0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535) return undefined;
	return { host, port: Number(port) };
}

function unbracketed(host: string): string | undefined {
	if (host.startsWith("[") && host.endsWith("]")) {
		const address = host.slice(1, -1);
		return isIPv6(address) ? address : undefined;
	}
	return /^[^\s:/@[\]]+$/.test(host) ? host : undefined;
}

/** As the configuration spells it. */
export function endpointText({ host, port }: Endpoint): string {
	return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
