import { SOCKET_OPTIONS } from "./listener.ts";

/** Milliseconds that a peer has for the head of its HTTP request. */
const REQUEST_TIMEOUT = 10_000;
/** How the HTTP servers behave. */
export const HTTP_OPTIONS = {
	...SOCKET_OPTIONS,
	headersTimeout: REQUEST_TIMEOUT,
	connectionsCheckingInterval: REQUEST_TIMEOUT / 2,
	requestTimeout: REQUEST_TIMEOUT,
};
