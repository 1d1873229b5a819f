import type { Client, Message, StreamHandler, StreamStart, SubscriptionHandle } from "../../../src/client/index.ts";
import type { UpdateState } from "../../../src/homeassistant/index.ts";
import type { Clock, Millis, Seconds, TimerHandle } from "../../../src/ports/index.ts";
import type { UpdateSupport } from "../platform.ts";
import { ImageError, ImageWriter } from "./image-writer.ts";
import { type Offer, readOffer, statementOf } from "./offer.ts";

/** No byte of the image for so long: it is not there. Lost connections take their time. */
const PATIENCE: Millis = 120_000;
/** Percent between two reports: each is a message. */
const REPORT_STEP = 5;

/** Whether the owner of the key that this device knows has signed the statement. */
export type VerifyStatement = (statement: Uint8Array, signature: Uint8Array) => boolean;

export interface UpdaterOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly support: Pick<UpdateSupport, "open" | "digest">;
	/** Where offers come, for instance `motehub/kitchen/update`. */
	readonly topic: string;
	readonly installedVersion: string;
	/** When that was built, since 1970: `BUILT` of `motehub/device`. */
	readonly installedBuilt: Seconds;
	/**
	 * Given, an offer counts only if its signature is good (see `statementOf`), and its firmware was built after the one that
	 * runs: whoever may publish could else bring back an old one by its own offer, which stays signed.
	 */
	readonly verify?: VerifyStatement | undefined;
	/** What Home Assistant is to show. */
	onState(state: UpdateState): void;
	/** Something went wrong; the running firmware stays. */
	onFault(reason: string): void;
	/** The image is in place, and is started with the next restart. */
	onInstalled(version: string): void;
}

/** Updates over MQTT: a retained offer, and a retained image that is streamed into flash when somebody says "install". */
export class Updater implements StreamHandler {
	readonly #options: UpdaterOptions;
	#offer: Offer | undefined;
	/** The newest that came, whether it counts or not. */
	#newest: Offer | undefined;
	/** While an image is awaited or arrives. */
	#installing: Offer | undefined;
	/** An image is in place. From then on nothing is written: it lies where the next one would. */
	#isInstalled = false;
	#image: SubscriptionHandle | undefined;
	#writer: ImageWriter | undefined;
	#reported = 0;
	#timer: TimerHandle;

	constructor(options: UpdaterOptions) {
		this.#options = options;
	}

	start(): void {
		this.#options.client.subscribe(this.#options.topic, (message) => this.offered(message), { qos: 1 });
		this.report();
	}

	/** Begins to install what is offered. Returns why it cannot; undefined: it has begun. */
	install(): string | undefined {
		const { client, topic, installedVersion } = this.#options;
		const offer = this.#offer;
		if (this.#installing !== undefined) return "an update is being installed already";
		if (this.#isInstalled) return "an update is installed already, and starts with the restart";
		if (offer === undefined || offer.version === installedVersion) return "no update is offered";
		this.#installing = offer;
		this.#reported = 0;
		this.await();
		this.report();
		const handler = (message: Message) => this.whole(message);
		this.#image = client.subscribe(offer.topic ?? `${topic}/image`, handler, { qos: 1, stream: this }, (error) => {
			if (error !== undefined) this.fail(`the image cannot be asked for: ${error.message}`);
		});
		return undefined;
	}

	/** The image begins, again if the connection was lost before. */
	begin({ length }: StreamStart): void {
		const offer = this.#installing;
		if (offer === undefined) return;
		this.drop();
		this.attempt(() => {
			if (length !== offer.size) throw new ImageError(`the image has ${length} bytes, and ${offer.size} were offered`);
			this.#writer = new ImageWriter(offer, this.#options.support);
		});
	}

	chunk(bytes: Uint8Array, offset: number): void {
		this.attempt(() => this.#writer?.write(bytes, offset));
		this.await();
		this.reportProgress();
	}

	end(complete: boolean): void {
		const offer = this.#installing;
		if (offer === undefined || this.#writer === undefined) return;
		if (!complete) {
			this.drop();
			return;
		}
		this.attempt(() => {
			this.#writer?.complete();
			this.#isInstalled = true;
			this.finish();
			this.#options.onInstalled(offer.version);
		});
	}

	private offered({ payload }: Message): void {
		const offer = payload.length === 0 ? undefined : readOffer(payload);
		if (offer !== undefined && "fault" in offer) {
			this.#options.onFault(offer.fault);
			return;
		}
		this.#newest = offer;
		if (offer === undefined || this.#options.verify === undefined) this.accept(offer);
		else this.judge(offer, this.#options.verify);
	}

	/** In a turn of its own: it takes a device a second, and stack. Of offers that come meanwhile, the last one is judged. */
	private judge(offer: Offer, verify: VerifyStatement): void {
		const { clock, installedBuilt, onFault } = this.#options;
		const { built, signature } = offer;
		if (signature === undefined) return onFault("the offer has no signature, and this device takes signed ones alone");
		if (built === undefined) return onFault('the offer has no "built", and a signed one must say when that was');
		if (this.isWayBack(offer.version, built)) {
			const times = `built at ${built}, is not newer than this one, built at ${installedBuilt}`;
			return onFault(`the offered firmware, ${times}: to go back to it, build it again`);
		}
		clock.setTimer(() => {
			if (offer !== this.#newest) return;
			if (verify(statementOf(offer, built), signature)) this.accept(offer);
			else onFault("the offer's signature is not one by the key of this device's configuration");
		}, 0);
	}

	/** The offer of what runs is none, and stays on its topic. */
	private isWayBack(version: string, built: Seconds): boolean {
		const { installedVersion, installedBuilt } = this.#options;
		return built <= installedBuilt && version !== installedVersion;
	}

	private accept(offer: Offer | undefined): void {
		this.#offer = offer;
		this.report();
	}

	/** An image that is short enough to come at once. */
	private whole({ payload, ...start }: Message): void {
		if (payload.length === 0) return;
		this.begin({ ...start, length: payload.length });
		this.chunk(payload, 0);
		this.end(true);
	}

	private attempt(action: () => void): void {
		try {
			action();
		} catch (error) {
			if (!(error instanceof ImageError)) throw error;
			this.fail(error.message);
		}
	}

	private fail(reason: string): void {
		this.finish();
		this.#options.onFault(reason);
	}

	/** Nothing is awaited any more. */
	private finish(): void {
		this.#options.clock.clearTimer(this.#timer);
		this.#installing = undefined;
		this.#image?.unsubscribe();
		this.#image = undefined;
		this.drop();
		this.report();
	}

	private drop(): void {
		const writer = this.#writer;
		this.#writer = undefined;
		try {
			writer?.close();
		} catch (error) {
			if (!(error instanceof ImageError)) throw error;
			this.#options.onFault(error.message);
		}
	}

	private await(): void {
		const { clock } = this.#options;
		clock.clearTimer(this.#timer);
		if (this.#installing === undefined) return;
		this.#timer = clock.setTimer(() => this.fail(`no image came for ${PATIENCE / 1_000} s`), PATIENCE);
	}

	private reportProgress(): void {
		if (this.percentage - this.#reported < REPORT_STEP) return;
		this.#reported = this.percentage;
		this.report();
	}

	private get percentage(): number {
		if (this.#isInstalled) return 100;
		if (this.#installing === undefined || this.#writer === undefined) return 0;
		return Math.floor((100 * this.#writer.written) / this.#installing.size);
	}

	private report(): void {
		const { installedVersion, onState } = this.#options;
		// Until the restart: Home Assistant would else offer to install it once more.
		const inProgress = this.#installing !== undefined || this.#isInstalled;
		onState({
			installedVersion,
			latestVersion: this.#offer?.version ?? installedVersion,
			inProgress,
			percentage: inProgress ? this.percentage : null,
			...(this.#offer?.summary !== undefined && { releaseSummary: this.#offer.summary }),
		});
	}
}
