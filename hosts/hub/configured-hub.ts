import { join } from "node:path";
import type { Log } from "../../src/ports/index.ts";
import { HubAuth, NODE_CLOCK } from "./auth/index.ts";
import { Bridge } from "./bridge/index.ts";
import { CertificateRenewal } from "./certificates/index.ts";
import type { HubSettings } from "./config/index.ts";
import { defaultDataFolder, openDataFolder } from "./data-folder.ts";
import { describeCredentials, type GeneratedPassword, loadOrGeneratePassword } from "./generated-password.ts";
import { createHub, type Hub } from "./hub.ts";
import type { HubOptions } from "./hub-options.ts";
import { listenersOf, needsHomeCertificate } from "./listener-settings.ts";
import { openStore } from "./open-store.ts";
import { type HubStore, MemoryStore } from "./store/index.ts";

/** A hub that runs as its settings say, with all that belongs to it. */
export interface ConfiguredHub {
	readonly hub: Hub;
	/** Of `auth.generated_user`. */
	readonly credentials: GeneratedPassword | undefined;
	/** Reads the password, ACL and certificate files again. What is broken is logged, and what was read before stays. */
	reload(): void;
	close(): Promise<void>;
}

/**
 * Starts a hub. `announce` gets a text about the password that it made or keeps, before anything listens. Rejects with
 * `DataFolderError`, `StoreError` or `ListenError`; then nothing is left open.
 */
export async function startConfiguredHub(
	settings: HubSettings,
	log: Log,
	announce: (text: string) => void,
): Promise<ConfiguredHub> {
	const folder = settings.dataFolder ?? defaultDataFolder();
	openDataFolder(folder);
	const credentials = credentialsOf(settings, folder, log, announce);
	const closers: (() => void)[] = [];
	try {
		const certificate = await homeCertificate(settings, folder, log, closers);
		let hub: Hub | undefined;
		const auth = new HubAuth({
			...settings,
			...(credentials === undefined ? {} : { generatedPassword: credentials.password }),
			clock: NODE_CLOCK,
			log,
			rightsChanged: () => hub?.rightsChanged(),
		});
		closers.push(() => auth.close());
		hub = await createHub({
			listeners: listenersOf(settings.listeners, certificate),
			authenticate: auth.authenticate,
			authenticationMethods: auth.authenticationMethods,
			access: auth.access,
			...limitsOf(settings),
			...operationOf(settings),
			store: await storeOf(settings, folder, log),
			log,
		});
		auth.watch();
		return new RunningConfiguration(hub, auth, credentials, closers, bridgesOf(settings, hub, log));
	} catch (error) {
		for (const close of closers) close();
		throw error;
	}
}

class RunningConfiguration implements ConfiguredHub {
	readonly hub: Hub;
	readonly credentials: GeneratedPassword | undefined;
	readonly #auth: HubAuth;
	readonly #closers: readonly (() => void)[];
	readonly #bridges: readonly Bridge[];

	constructor(
		hub: Hub,
		auth: HubAuth,
		credentials: GeneratedPassword | undefined,
		closers: readonly (() => void)[],
		bridges: readonly Bridge[],
	) {
		this.hub = hub;
		this.credentials = credentials;
		this.#auth = auth;
		this.#closers = closers;
		this.#bridges = bridges;
	}

	reload(): void {
		this.#auth.reload();
		this.hub.reloadCertificates();
	}

	async close(): Promise<void> {
		for (const close of this.#closers) close();
		await Promise.all(this.#bridges.map((bridge) => bridge.end()));
		await this.hub.close();
	}
}

function credentialsOf(
	{ auth: { generatedUser } }: HubSettings,
	folder: string,
	log: Log,
	announce: (text: string) => void,
): GeneratedPassword | undefined {
	if (generatedUser === undefined) return undefined;
	const credentials = loadOrGeneratePassword(folder);
	announce(describeCredentials(generatedUser, credentials, process.stdout.isTTY));
	if (credentials.wasExposed) {
		log.write("warn", "others could read the password file: its mode is 0600 now", { file: credentials.file });
	}
	return credentials;
}

/** The file for listeners whose certificate is the hub's to make. Undefined: there are none. */
async function homeCertificate(
	{ listeners }: HubSettings,
	folder: string,
	log: Log,
	closers: (() => void)[],
): Promise<string | undefined> {
	if (!needsHomeCertificate(listeners)) return undefined;
	const renewal = new CertificateRenewal(folder, log);
	closers.push(() => renewal.close());
	await renewal.start();
	return renewal.file;
}

function bridgesOf({ bridges }: HubSettings, hub: Hub, log: Log): readonly Bridge[] {
	return bridges.map((settings) => new Bridge(settings, hub, log));
}

function limitsOf({ limits }: HubSettings): Pick<HubOptions, "limits" | "connectionsPerAddress"> {
	const { broker, connectionsPerAddress, messagesPerSecond, maxQos } = limits;
	return {
		limits: { ...broker, maxQos, messagesPerSecond: messagesPerSecond ?? broker.messagesPerSecond },
		...(connectionsPerAddress === undefined ? {} : { connectionsPerAddress }),
	};
}

function operationOf({ http, sysInterval }: HubSettings): Pick<HubOptions, "http" | "sysInterval"> {
	const { bind, metrics, health } = http;
	return { sysInterval, http: { metrics, health, ...bind } };
}

async function storeOf({ store }: HubSettings, folder: string, log: Log): Promise<HubStore> {
	return store.type === "memory" ? new MemoryStore() : openStore(store.folder ?? join(folder, "store"), log);
}
