import { join } from "node:path";
import type { BrokerEvent } from "../../src/broker/index.ts";
import { UsageError } from "../../src/codec/index.ts";
import type { Log } from "../../src/ports/index.ts";
import { type AuthPart, HubAuth, loadAuthSecret, NODE_CLOCK } from "./auth/index.ts";
import { BridgePath, Bridges, loadHubId, temporaryHubId } from "./bridge/index.ts";
import { CertificateRenewal } from "./certificates/index.ts";
import { ConfigError, type HubSettings, type ListenerSettings, liveLimits, opensSame } from "./config/index.ts";
import { DataFolderError, defaultDataFolder, openDataFolder } from "./data-folder.ts";
import { describeCredentials, type GeneratedPassword, loadOrGeneratePassword } from "./generated-password.ts";
import { type Hub, openHub } from "./hub.ts";
import type { HubAdditions } from "./hub-additions.ts";
import type { HubOptions } from "./hub-options.ts";
import { listenersOf, needsHomeCertificate } from "./listener-settings.ts";
import { SILENT } from "./log.ts";
import { openStore } from "./open-store.ts";
import { HostCounters } from "./operation/index.ts";
import { Revocation } from "./revocation.ts";
import { type HubStore, MemoryStore } from "./store/index.ts";

/** A hub that runs as its settings say, with all that belongs to it. */
export interface ConfiguredHub {
	readonly hub: Hub;
	/** Of `auth.generated_user`. */
	readonly credentials: GeneratedPassword | undefined;
	/** Reads the password, ACL and certificate files again. What is broken is logged, and what was read before stays. */
	reload(): void;
	/**
	 * Puts other settings in force: limits, `$SYS` and, if the listeners are the same, users, rights and whether anonymous
	 * clients get in. The rest stays as it was at the start. Throws `ConfigError` when a file that they
	 * name is damaged; then nothing changes.
	 */
	apply(settings: HubSettings): void;
	close(): Promise<void>;
}

/**
 * Starts a hub. Rejects with `DataFolderError`, `StoreError` or `ListenError`, and with `UsageError` if the settings are
 * those of a client (`mqtt: broker:`); then nothing is left open.
 */
export async function startConfiguredHub(settings: HubSettings, additions: HubAdditions = {}): Promise<ConfiguredHub> {
	if (settings.connection !== undefined) {
		throw new UsageError("the settings start no broker: mqtt: broker: is for the client of one elsewhere");
	}
	const { log = SILENT, announce = () => undefined } = additions;
	const folder = settings.dataFolder ?? defaultDataFolder();
	openDataFolder(folder);
	const generated = new GeneratedUser(folder, log, announce);
	const credentials = generated.credentialsOf(settings);
	const closers: (() => void)[] = [];
	let running: RunningConfiguration | undefined;
	try {
		const listeners = listenersBeside(additions, settings);
		const certificate = await homeCertificate(listeners, folder, log, closers);
		const auth = new HubAuth({
			...authPartOf(settings, credentials),
			clock: NODE_CLOCK,
			log,
			secret: loadAuthSecret(folder, log),
			rightsChanged: () => running?.hub.rightsChanged(),
			usersChanged: () => running?.reviewClients(),
		});
		closers.push(() => auth.close());
		const isBridged = settings.bridges.length > 0;
		const hubId = isBridged ? loadHubId(folder) : temporaryHubId();
		const path = new BridgePath(hubId, isBridged);
		const options: HubOptions = {
			listeners: { ...listenersOf(listeners, certificate), ...additions.listeners },
			authenticate: additions.authenticate?.(auth.authenticate) ?? auth.authenticate,
			authenticationMethods: [...auth.authenticationMethods, ...(additions.authenticationMethods ?? [])],
			access: additions.access?.(auth.access) ?? auth.access,
			passage: path,
			...limitsOf(settings),
			...operationOf(settings),
			store: await storeOf(settings, folder, log),
			log,
			...(additions.serverKeepAlive === undefined ? {} : { serverKeepAlive: additions.serverKeepAlive }),
		};
		const counters = new HostCounters();
		const hub = await openHub(options, { observe: (event) => running?.observe(event), counters });
		const bridges = new Bridges({ hub, path, log, counters });
		running = new RunningConfiguration({ settings, folder, hub, auth, generated, credentials, path, bridges, closers });
		await running.start(hubId);
		return running;
	} catch (error) {
		if (running === undefined) for (const close of closers) close();
		else await running.close();
		throw error;
	}
}

interface Parts {
	/** As the hub was started. */
	readonly settings: HubSettings;
	/** Where its data is. */
	readonly folder: string;
	readonly hub: Hub;
	readonly auth: HubAuth;
	readonly generated: GeneratedUser;
	readonly credentials: GeneratedPassword | undefined;
	readonly path: BridgePath;
	readonly bridges: Bridges;
	readonly closers: readonly (() => void)[];
}

class RunningConfiguration implements ConfiguredHub {
	readonly #parts: Parts;
	readonly #revocation: Revocation;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#revocation = new Revocation(parts.hub, (info) => parts.auth.isAdmitted(info));
	}

	get hub(): Hub {
		return this.#parts.hub;
	}

	get credentials(): GeneratedPassword | undefined {
		return this.#parts.credentials;
	}

	/** Resolves once the bridges keep what is published here. */
	async start(hubId: string): Promise<void> {
		const { auth, bridges, settings } = this.#parts;
		auth.watch();
		await bridges.start(settings.bridges, hubId);
	}

	observe(event: BrokerEvent): void {
		this.#revocation.observe(event);
	}

	reviewClients(): void {
		this.#revocation.review();
	}

	reload(): void {
		this.#parts.auth.reload();
		this.hub.reloadCertificates();
	}

	apply(wanted: HubSettings): void {
		const { settings, folder, path, bridges } = this.#parts;
		const hubId = wanted.bridges.length > 0 ? fromDataFolder(() => loadHubId(folder)) : undefined;
		if (opensSame(settings, wanted)) this.#applyAuth(wanted);
		this.hub.changeLimits(liveLimits(wanted.limits));
		this.hub.changeSysInterval(wanted.sysInterval);
		path.change(hubId);
		bridges.change(wanted.bridges, hubId);
	}

	#applyAuth(wanted: HubSettings): void {
		const { auth, generated } = this.#parts;
		const credentials = fromDataFolder(() => generated.credentialsOf(wanted));
		const errors = auth.apply(authPartOf(wanted, credentials));
		if (errors.length > 0) throw new ConfigError(errors);
	}

	async close(): Promise<void> {
		for (const close of this.#parts.closers) close();
		await this.#parts.bridges.end();
		await this.hub.close();
	}
}

function authPartOf({ auth, access, listeners }: HubSettings, credentials: GeneratedPassword | undefined): AuthPart {
	return { auth, access, listeners, ...(credentials === undefined ? {} : { generatedPassword: credentials.password }) };
}

/** Reads from the data folder. What is wrong there is wrong with the configuration that asks for it. Throws `ConfigError`. */
function fromDataFolder<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof DataFolderError) throw new ConfigError([error.message]);
		throw error;
	}
}

/** The user whose password the hub makes up. */
class GeneratedUser {
	readonly #folder: string;
	readonly #log: Log;
	readonly #announce: (text: string) => void;
	#announced: string | undefined;

	constructor(folder: string, log: Log, announce: (text: string) => void) {
		this.#folder = folder;
		this.#log = log;
		this.#announce = announce;
	}

	/** Makes the password, or reads the one that was made before. Tells about it once for each name. */
	credentialsOf({ auth: { generatedUser } }: HubSettings): GeneratedPassword | undefined {
		if (generatedUser === undefined) return undefined;
		const credentials = loadOrGeneratePassword(this.#folder);
		if (generatedUser === this.#announced) return credentials;
		this.#announced = generatedUser;
		this.#announce(describeCredentials(generatedUser, credentials, process.stdout.isTTY));
		if (credentials.wasExposed) {
			this.#log.write("warn", "others could read the password file: its mode is 0600 now", { file: credentials.file });
		}
		return credentials;
	}
}

/** The listeners of the settings that the additions do not take the place of. */
function listenersBeside({ listeners: others = {} }: HubAdditions, settings: HubSettings): readonly ListenerSettings[] {
	return settings.listeners.filter(({ name }) => !Object.hasOwn(others, name));
}

/** The file for listeners whose certificate is the hub's to make. Undefined: there are none. */
async function homeCertificate(
	listeners: readonly ListenerSettings[],
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

function limitsOf({ limits }: HubSettings): Pick<HubOptions, "limits" | "connectionsPerAddress"> {
	const { broker, connectionsPerAddress, messagesPerSecond, maxQos } = limits;
	return {
		limits: { ...broker, maxQos, messagesPerSecond: messagesPerSecond ?? broker.messagesPerSecond },
		connectionsPerAddress,
	};
}

function operationOf({ http, sysInterval }: HubSettings): Pick<HubOptions, "http" | "sysInterval"> {
	const { bind, metrics, health } = http;
	return { sysInterval, http: { metrics, health, ...bind } };
}

async function storeOf({ store }: HubSettings, folder: string, log: Log): Promise<HubStore> {
	return store.type === "memory" ? new MemoryStore() : openStore(store.folder ?? join(folder, "store"), log);
}
