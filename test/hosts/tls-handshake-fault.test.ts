import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { handshakeFault } from "../../hosts/hub/tls/index.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command, isInstalled } from "./support/command.ts";
import { connectFrame } from "./support/packets.ts";

let authority: TestAuthority;
let server: Server;

beforeAll(async () => {
	authority = await TestAuthority.make();
	const { certificate, key } = await authority.issue("CN=hub");
	server = createServer({ cert: certificate, key }).listen(0, "127.0.0.1");
	await once(server, "listening");
});
afterAll(() => {
	server.close();
	authority.remove();
});

function port(): number {
	return (server.address() as AddressInfo).port;
}

function nextFault(): Promise<string> {
	return new Promise((resolve) => {
		server.once("tlsClientError", (error, socket) => {
			socket.destroy();
			resolve(handshakeFault(error));
		});
	});
}

test.each([
	["MQTT", connectFrame(4)],
	["HTTP", "GET / HTTP/1.1\r\n\r\n"],
])("%s without TLS", async (_, bytes) => {
	const fault = nextFault();
	const peer = connect(port(), "127.0.0.1");
	peer.on("error", () => undefined).write(bytes);
	expect(await fault).toMatch(/^the client does not speak TLS, but this port does \([a-z ]+\)$/);
	peer.destroy();
});

const openssl = isInstalled("openssl") ? test : test.skip;
openssl.each<readonly [name: string, args: readonly string[], fault: RegExp]>([
	["does not trust the certificate", ["-verify_return_error"], /^the client does not trust the certificate \(.*\)$/],
	["has no cipher in common", ["-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], /^no shared cipher$/],
])("openssl s_client that %s", async (_, args, expected) => {
	const fault = nextFault();
	const command = new Command("openssl", ["s_client", "-connect", `127.0.0.1:${port()}`, "-tls1_2", ...args]);
	expect(await fault).toMatch(expected);
	await command.dispose();
});
