import { createServer, type RequestListener } from "node:http";
import { HTTP_OPTIONS } from "../http-options.ts";
import { type BoundContext, type Listener, listen } from "../listener.ts";

/** Opens a port for pages alone. Throws `ListenError`. */
export async function listenHttp(context: BoundContext, answer: RequestListener): Promise<Listener> {
	const server = createServer(HTTP_OPTIONS, answer);
	const address = await listen(server, context);
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { address: { ...address, url: address.url.replace(/^ws/, "http") }, close };
}
