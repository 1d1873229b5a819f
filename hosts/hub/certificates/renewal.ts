import type { Log, Millis } from "../../../src/ports/index.ts";
import { oneLine } from "../event-log.ts";
import { CertificateFolder } from "./certificate-folder.ts";
import { ensureCertificates } from "./home-certificates.ts";
import { namesOfThisHost } from "./host-names.ts";

/** A machine without a clock of its own has the time, and maybe its address, only when the hub runs already. */
const INTERVAL: Millis = 60_000;

/**
 * Keeps the home's certificates valid while the hub runs: now, which makes them if there are none, and once a minute. The
 * listeners see their file change.
 */
export class CertificateRenewal {
	readonly #folder: CertificateFolder;
	readonly #log: Log;
	#timer: NodeJS.Timeout | undefined;
	#isBusy = false;
	/** Why it did not work the last time. */
	#trouble: string | undefined;

	constructor(dataFolder: string, log: Log) {
		this.#folder = new CertificateFolder(dataFolder);
		this.#log = log;
	}

	/** The file for the listeners. */
	get file(): string {
		return this.#folder.server;
	}

	/** Throws `DataFolderError`. */
	async start(): Promise<void> {
		await this.#ensure();
		this.#timer = setInterval(() => void this.#ensureLater(), INTERVAL).unref();
	}

	close(): void {
		clearInterval(this.#timer);
	}

	async #ensure(): Promise<void> {
		const { madeAuthority, madeServer, serverValidTo } = await ensureCertificates(this.#folder, namesOfThisHost());
		const { authority: file } = this.#folder;
		if (madeAuthority) this.#log.write("warn", "made a CA certificate: devices need its file", { file });
		if (madeServer) this.#log.write("info", "made a server certificate", { validTo: serverValidTo.toISOString() });
	}

	async #ensureLater(): Promise<void> {
		if (this.#isBusy) return;
		this.#isBusy = true;
		try {
			await this.#ensure();
			this.#trouble = undefined;
		} catch (error) {
			// Whatever it is: there are weeks until the certificate ends, and a hub that goes on meanwhile.
			this.#report(oneLine(error instanceof Error ? error.message : String(error)));
		} finally {
			this.#isBusy = false;
		}
	}

	/** Once for each reason. */
	#report(reason: string): void {
		if (reason === this.#trouble) return;
		this.#trouble = reason;
		this.#log.write("error", `the server certificate cannot be renewed: ${reason}`);
	}
}
