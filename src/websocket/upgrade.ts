import { encodeUtf8, UsageError } from "../codec/index.ts";
import { encodeBase64 } from "./base64.ts";
import { sha1 } from "./sha1.ts";

/** MQTT's name among the WebSocket subprotocols [MQTT-6.0.0-3]. */
const SUBPROTOCOL = "mqtt";
/** RFC 6455 section 1.3. */
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Of the answer's head. Proxies add headers, cookies among them. */
const LONGEST_HEAD = 8_192;
const LINE_END = 0x0a;
const SWITCHING_PROTOCOLS = 101;

export interface UpgradeOptions {
	/** `host:port`, as the server knows itself. */
	readonly host: string;
	/** Path and query. */
	readonly path: string;
	/** Further headers, for a proxy that wants some. */
	readonly headers: Readonly<Record<string, string>>;
}

/** Throws UsageError for what cannot stand in a request. */
export function checkUpgrade({ path, headers }: UpgradeOptions): void {
	if (!(path.startsWith("/") && isVisible(path, false)))
		throw new UsageError(`The WebSocket path "${path}" must begin with / and have no spaces.`);
	for (const [name, value] of Object.entries(headers)) {
		if (name === "" || name.includes(":") || !isVisible(name, false))
			throw new UsageError(`"${name}" is no name of a header.`);
		if (!isVisible(value, true)) throw new UsageError(`The header ${name} has characters that no header can have.`);
	}
}

/** Printable ASCII. A line end in a header would be another header. */
function isVisible(text: string, withSpaces: boolean): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code > 0x7e || code < 0x20 || (code === 0x20 && !withSpaces)) return false;
	}
	return true;
}

/** The opening handshake's request (RFC 6455 section 4.1). `key`: 16 random bytes in base64. */
export function upgradeRequest({ host, path, headers }: UpgradeOptions, key: string): Uint8Array {
	const lines = [
		`GET ${path} HTTP/1.1`,
		`Host: ${host}`,
		"Upgrade: websocket",
		"Connection: Upgrade",
		`Sec-WebSocket-Key: ${key}`,
		`Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
		"Sec-WebSocket-Version: 13",
		...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
	];
	return encodeUtf8(`${lines.join("\r\n")}\r\n\r\n`);
}

/** What the server answers to a key. */
export function acceptFor(key: string): string {
	return encodeBase64(sha1(encodeUtf8(key + ACCEPT_GUID)));
}

export type UpgradeAnswer =
	/** `rest`: bytes of frames that came with the answer. */
	| { readonly rest: Uint8Array }
	/** For a person. */
	| { readonly failure: string };

/** Reads the server's answer, as it comes. */
export class UpgradeReader {
	readonly #accept: string;
	#head = "";
	#length = 0;
	#isLineEmpty = false;

	constructor(key: string) {
		this.#accept = acceptFor(key);
	}

	/** Undefined: more bytes are needed. Not to be called after an answer. */
	push(bytes: Uint8Array): UpgradeAnswer | undefined {
		for (let at = 0; at < bytes.length; at++) {
			const byte = bytes[at] ?? 0;
			if (++this.#length > LONGEST_HEAD) return { failure: `its answer's head is longer than ${LONGEST_HEAD} bytes` };
			this.#head += String.fromCharCode(byte);
			if (byte === LINE_END && this.#isLineEmpty) return this.judge(bytes.subarray(at + 1));
			if (byte !== 0x0d) this.#isLineEmpty = byte === LINE_END;
		}
		return undefined;
	}

	private judge(rest: Uint8Array): UpgradeAnswer {
		const [status = "", ...lines] = this.#head.split("\n");
		const failure = statusFault(status.trim()) ?? headersFault(headersOf(lines), this.#accept);
		return failure === undefined ? { rest } : { failure };
	}
}

function statusFault(line: string): string | undefined {
	if (!line.startsWith("HTTP/1.1 ")) return "it does not answer in HTTP/1.1";
	const status = line.slice("HTTP/1.1 ".length);
	if (Number(status.slice(0, 3)) === SWITCHING_PROTOCOLS) return undefined;
	return `it answers ${status.slice(0, 80)} to the WebSocket handshake: are host, port and path right?`;
}

/** Names in small letters. */
function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
	const headers = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(":");
		if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
	}
	return headers;
}

// RFC 6455 section 4.1, the client's six checks.
function headersFault(headers: ReadonlyMap<string, string>, accept: string): string | undefined {
	const connection = (headers.get("connection") ?? "").toLowerCase().split(",");
	if (headers.get("upgrade")?.toLowerCase() !== "websocket") return "its answer does not upgrade to WebSocket";
	if (!connection.some((token) => token.trim() === "upgrade")) return "its answer does not upgrade the connection";
	if (headers.get("sec-websocket-accept") !== accept) return "its answer is not to our WebSocket key";
	if (headers.has("sec-websocket-extensions")) return "it uses a WebSocket extension that nobody asked for";
	// [MQTT-6.0.0-4]
	if (headers.get("sec-websocket-protocol") !== SUBPROTOCOL)
		return `it does not speak the subprotocol "${SUBPROTOCOL}"`;
	return undefined;
}
