import TCP from "embedded:io/socket/tcp";

export function secured(transport) {
	return transport;
}

export function socket() {
	return { io: TCP };
}
