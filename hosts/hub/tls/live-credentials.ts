import type { SecureContextOptions } from "node:tls";
import type { Log } from "../../../src/ports/index.ts";
import { NODE_CLOCK } from "../auth/node-clock.ts";
import { watchFiles } from "../file-watch.ts";
import { type Credentials, CredentialsError, filesOf, readCredentials, type TlsOptions } from "./credentials.ts";

/** What the credentials of a listener are put into. */
export interface SecureServer {
	setSecureContext(options: SecureContextOptions): void;
}

/**
 * A listener's certificate, read again when its files change. What is broken is refused with a line in the log, and
 * what was read before stays in force. Connections that are open keep what they began with.
 */
export class LiveCredentials {
	readonly #options: TlsOptions;
	readonly #listener: string;
	readonly #log: Log;
	#credentials: Credentials;
	#stopWatching: (() => void) | undefined;

	/** Throws `CredentialsError`. */
	constructor(options: TlsOptions, listener: string, log: Log) {
		this.#options = options;
		this.#listener = listener;
		this.#log = log;
		this.#credentials = readCredentials(options);
		this.#tell();
	}

	get context(): SecureContextOptions {
		return this.#credentials.context;
	}

	/** Puts what is read from now on into the server, whenever the files change, until `close`. */
	watch(server: SecureServer): void {
		this.#stopWatching = watchFiles(filesOf(this.#options), NODE_CLOCK, () => this.reload(server));
	}

	/** Reads the files now. What is wrong with them; without that the new ones are in force. */
	reload(server: SecureServer): readonly string[] {
		try {
			const credentials = readCredentials(this.#options);
			if (isSame(credentials.context, this.context)) return [];
			server.setSecureContext(credentials.context);
			this.#credentials = credentials;
			this.#tell();
			return [];
		} catch (error) {
			if (!(error instanceof CredentialsError)) throw error;
			this.#log.write("error", `${error.message}; what was read before stays in force`, { listener: this.#listener });
			return [error.message];
		}
	}

	close(): void {
		this.#stopWatching?.();
		this.#stopWatching = undefined;
	}

	#tell(): void {
		const { validTo, warnings } = this.#credentials;
		const listener = this.#listener;
		this.#log.write("info", `read the certificate ${this.#options.certificate}`, { listener, validTo });
		for (const warning of warnings) this.#log.write("warn", warning, { listener });
	}
}

function isSame(a: SecureContextOptions, b: SecureContextOptions): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
