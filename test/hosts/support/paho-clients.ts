import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Condition } from "./condition.ts";
import type { Version } from "./mqtt-js.ts";

/** Debian's Python, which has Debian's packages; another one that is first in PATH has not. */
const PYTHON = "/usr/bin/python3";
const PROGRAM = fileURLToPath(new URL("./paho-clients.py", import.meta.url));

export function isPahoInstalled(): boolean {
	return spawnSync(PYTHON, ["-c", "import paho.mqtt.client"], { stdio: "ignore" }).status === 0;
}

export interface PahoConnect {
	readonly version: Version;
	readonly transport: "tcp" | "websockets";
	readonly host: string;
	readonly port: number;
	/** Default true. */
	readonly clean?: boolean;
	readonly client_id?: string;
	readonly username?: string;
	readonly password?: string;
	/** The path of a CA file: the connection is TLS. */
	readonly ca?: string;
	readonly will?: { readonly topic: string; readonly payload: string; readonly qos: number; readonly retain: boolean };
	readonly properties?: Properties;
}

type Properties = Readonly<Record<string, unknown>>;

export interface PahoMessage {
	readonly topic: string;
	readonly payload: string;
	readonly qos: number;
	readonly retain: boolean;
	readonly properties: Properties;
}

interface PahoLine {
	readonly client: string;
	readonly answer?: string;
	readonly code?: number;
	readonly sessionPresent?: boolean;
	readonly granted?: readonly number[];
	readonly properties?: Properties;
	readonly message?: PahoMessage;
}

/** Clients of Paho Python in one process. */
export class PahoClients {
	readonly #child: ChildProcess = spawn(PYTHON, [PROGRAM], { stdio: ["pipe", "pipe", "pipe"] });
	readonly #heard = new Condition();
	readonly #lines: PahoLine[] = [];
	#errors = "";
	#ended = false;
	#count = 0;

	constructor() {
		if (this.#child.stdout === null) throw new TypeError("the output is a pipe");
		createInterface(this.#child.stdout).on("line", (line) => {
			this.#lines.push(JSON.parse(line) as PahoLine);
			this.#heard.notify();
		});
		this.#child.stderr?.on("data", (text) => (this.#errors += text));
		this.#child.once("close", () => {
			this.#ended = true;
			this.#heard.notify();
		});
	}

	/** Resolves once CONNACK is there, whatever it says. */
	async connect(options: PahoConnect): Promise<PahoClient> {
		this.#count += 1;
		const client = new PahoClient(this, `client ${this.#count}`);
		await client.connect(options);
		return client;
	}

	send(request: object): void {
		this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
	}

	/** Resolves with the first line that `wanted` takes out; rejects when the program ends before. */
	take(wanted: (line: PahoLine) => boolean): Promise<PahoLine> {
		return this.#heard.until(() => {
			const found = this.#lines.findIndex(wanted);
			if (found >= 0) return this.#lines.splice(found, 1)[0];
			if (this.#ended) throw new Error(`Paho's program ended: ${this.#errors}`);
			return undefined;
		});
	}

	async end(): Promise<void> {
		this.#child.kill("SIGKILL");
		if (!this.#ended) await once(this.#child, "close");
	}
}

/** One of them. */
export class PahoClient {
	readonly #clients: PahoClients;
	readonly #name: string;
	code: number | undefined;
	sessionPresent: boolean | undefined;
	/** Of CONNACK. */
	properties: Properties = {};

	constructor(clients: PahoClients, name: string) {
		this.#clients = clients;
		this.#name = name;
	}

	async connect(options: PahoConnect): Promise<void> {
		const answer = await this.#ask("connect", options);
		this.code = answer.code;
		this.sessionPresent = answer.sessionPresent;
		this.properties = answer.properties ?? {};
	}

	/** The reason codes of SUBACK. */
	async subscribe(filter: string, qos: number, properties?: Properties): Promise<readonly number[]> {
		const { granted = [] } = await this.#ask("subscribe", { filter, qos, properties });
		return granted;
	}

	/** Resolves once the message is acknowledged, as its QoS wants it. */
	async publish(
		message: Omit<PahoMessage, "retain" | "properties"> & Partial<Pick<PahoMessage, "retain" | "properties">>,
	): Promise<void> {
		await this.#ask("publish", message);
	}

	/** The next message. */
	async message(): Promise<PahoMessage> {
		const { message } = await this.#clients.take((line) => line.client === this.#name && line.message !== undefined);
		if (message === undefined) throw new TypeError("a message was asked for");
		return message;
	}

	async disconnect(): Promise<void> {
		this.#clients.send({ client: this.#name, do: "disconnect" });
		await this.#answer("disconnected");
	}

	/** Ends the connection without DISCONNECT. */
	async cut(): Promise<void> {
		await this.#ask("cut", {});
	}

	#ask(action: string, parameters: object): Promise<PahoLine> {
		this.#clients.send({ client: this.#name, do: action, ...parameters });
		return this.#answer(action);
	}

	#answer(action: string): Promise<PahoLine> {
		return this.#clients.take((line) => line.client === this.#name && line.answer === action);
	}
}
