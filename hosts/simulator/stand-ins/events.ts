import { Reader } from "./wire.ts";

type Handler = (event: Reader) => void;

const handlers = new Map<number, Handler>();

/** One handler for each kind of event. */
export function onEvent(kind: number, handler: Handler): void {
	handlers.set(kind, handler);
}

/** One turn of the event loop. What the handler throws goes on to the engine, which ends: that is what devices do. */
export function dispatch(bytes: ArrayBuffer): void {
	const event = new Reader(new Uint8Array(bytes));
	handlers.get(event.kind)?.(event);
}
