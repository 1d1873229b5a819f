import Resource from "Resource";
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";

export function socket() {
	const certificate = new Uint8Array(new Resource("ca.der"));
	return { io: TLSSocket, TCP: { io: TCP }, secure: { serverName: "localhost", certificate } };
}
