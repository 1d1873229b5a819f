import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

export interface Page {
	readonly status: number;
	readonly contentType: string;
	readonly text: string;
}

/** By path. */
export type Pages = Readonly<Record<string, () => Page | Promise<Page>>>;

const ABOUT = `motehub: an MQTT broker.

This is its WebSocket port: point an MQTT client at ws://<this address>.
The port for MQTT over TCP is in the line that the hub printed when it started.
`;

const FAILED = plain(500, "this page could not be made\n");

/** Answers plain HTTP requests: what the hub is at `/`, the given pages, and 404 elsewhere. */
export function answerPages(pages: Pages): RequestListener {
	return (request, response) => {
		pageFor(request, response, pages).then(
			(page) => send(response, page),
			() => send(response, FAILED),
		);
	};
}

async function pageFor({ method, url }: IncomingMessage, response: ServerResponse, pages: Pages): Promise<Page> {
	if (method !== "GET" && method !== "HEAD") {
		response.setHeader("Allow", "GET, HEAD");
		return plain(405, "only GET and HEAD are answered here\n");
	}
	const path = url?.split("?", 1)[0] ?? "/";
	if (path === "/") return plain(200, ABOUT);
	const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
	return page === undefined ? plain(404, "nothing here; / says what this is\n") : page();
}

function plain(status: number, text: string): Page {
	return { status, contentType: "text/plain; charset=utf-8", text };
}

function send(response: ServerResponse, { status, contentType, text }: Page): void {
	response.writeHead(status, {
		"Content-Type": contentType,
		"Content-Length": Buffer.byteLength(text),
		"Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff",
	});
	response.end(text);
}
