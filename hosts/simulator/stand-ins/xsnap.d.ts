/** What the realm of `xsnap-worker` has, as far as the stand-ins use it, and what they add to it. */

declare class TextEncoder {
	encode(text: string): Uint8Array;
}

declare class TextDecoder {
	decode(bytes: Uint8Array): string;
}

/** Calls the host, and waits for its answer. */
declare function issueCommand(bytes: ArrayBuffer): ArrayBuffer;
declare function gc(): void;
/** Freezes an object and everything that is reached from it. */
declare function harden<T>(root: T): T;

declare var handleCommand: (bytes: ArrayBuffer) => void;
declare var trace: (text: string) => void;
/** The engine reports unhandled rejections to `console.error`. */
declare var console: { error(...values: readonly unknown[]): void };

/** The firmware. */
declare module "main" {
	/** Called once the network is up. */
	const main: (() => void) | undefined;
	export default main;
}
