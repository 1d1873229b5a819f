import type { IncomingMessage, ServerResponse } from "node:http";

const PAGE = `motehub: an MQTT broker.

This is its WebSocket port: point an MQTT client at ws://<this address>.
The port for MQTT over TCP is in the line that the hub printed when it started.
`;

/** Answers plain HTTP requests on the WebSocket port: a page at \`/\`, and 404 elsewhere. */
export function answerPage(request: IncomingMessage, response: ServerResponse): void {
	if (request.method !== "GET" && request.method !== "HEAD") {
		response.setHeader("Allow", "GET, HEAD");
		return answer(response, 405, "only GET and HEAD are answered here\n");
	}
	const path = request.url?.split("?", 1)[0];
	if (path === "/") answer(response, 200, PAGE);
	else answer(response, 404, "nothing here; / says what this is\n");
}

function answer(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, {
		"Content-Type": "text/plain; charset=utf-8",
		"Content-Length": Buffer.byteLength(text),
		"X-Content-Type-Options": "nosniff",
	});
	response.end(text);
}
