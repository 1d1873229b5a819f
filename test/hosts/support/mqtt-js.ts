import { connect, connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import type { RunningHub } from "./running-hub.ts";

export const TRANSPORTS = ["tcp", "ws"] as const;
export const VERSIONS = ["3.1", "3.1.1", "5"] as const;
export type Version = (typeof VERSIONS)[number];

export const PROTOCOLS = {
	"3.1": { protocolId: "MQIsdp", protocolVersion: 3 },
	"3.1.1": { protocolId: "MQTT", protocolVersion: 4 },
	"5": { protocolId: "MQTT", protocolVersion: 5 },
} as const satisfies Record<Version, IClientOptions>;

/** Clients of one hub, one transport and one version; `end` closes those that a test leaves open. */
export class MqttJs {
	readonly #url: string;
	readonly #version: Version;
	readonly #clients: MqttClient[] = [];

	constructor(
		{ port, httpPort }: Pick<RunningHub, "port" | "httpPort">,
		transport: (typeof TRANSPORTS)[number],
		version: Version,
	) {
		this.#url = transport === "tcp" ? `mqtt://127.0.0.1:${port}` : `ws://127.0.0.1:${httpPort}`;
		this.#version = version;
	}

	/** Rejects when the hub refuses. Never reconnects on its own. */
	async connect(options: IClientOptions = {}): Promise<MqttClient> {
		const client = await connectAsync(this.#url, { ...PROTOCOLS[this.#version], reconnectPeriod: 0, ...options });
		this.#clients.push(client);
		return client;
	}

	/** Resumes a session: collects messages from the first byte on. `sessionPresent` is what CONNACK says. */
	async resume(options: IClientOptions): Promise<{ readonly sessionPresent: boolean; readonly inbox: Inbox }> {
		const client = connect(this.#url, { ...PROTOCOLS[this.#version], reconnectPeriod: 0, ...options });
		this.#clients.push(client);
		const inbox = new Inbox(client);
		const sessionPresent = await new Promise<boolean>((resolve, reject) => {
			client.once("connect", (connack) => resolve(connack.sessionPresent)).once("error", reject);
		});
		return { sessionPresent, inbox };
	}

	async end(): Promise<void> {
		await Promise.all(this.#clients.splice(0).map((client) => client.endAsync(true)));
	}
}

/** Every message of a client, from the moment the inbox is made. */
export class Inbox {
	readonly texts: string[] = [];
	#arrived: () => void = () => undefined;

	constructor(client: MqttClient) {
		client.on("message", (_, payload) => {
			this.texts.push(payload.toString());
			this.#arrived();
		});
	}

	/** Resolves once there are `count` messages. */
	async has(count: number): Promise<void> {
		while (this.texts.length < count) await new Promise<void>((resolve) => (this.#arrived = resolve));
	}
}

export interface Received {
	readonly topic: string;
	readonly payload: Buffer;
	readonly qos: number;
	readonly retain: boolean;
}

/** Resolves with the next `count` messages of a client. Call it before they are sent. */
export function receive(client: MqttClient, count: number): Promise<readonly Received[]> {
	const messages: Received[] = [];
	return new Promise((resolve) => {
		const take = (topic: string, payload: Buffer, { qos, retain }: IPublishPacket) => {
			messages.push({ topic, payload, qos, retain });
			if (messages.length < count) return;
			client.off("message", take);
			resolve(messages);
		};
		client.on("message", take);
	});
}

/** The next message of a client as `topic=text`. */
export async function receiveText(client: MqttClient): Promise<string> {
	const [message] = await receive(client, 1);
	return `${message?.topic}=${message?.payload.toString()}`;
}

/** Cuts the connection without DISCONNECT, as a lost network does. */
export async function cutOff(client: MqttClient): Promise<void> {
	const closed = closing(client);
	client.stream.destroy();
	await closed;
}

/** Resolves when the connection has ended, however it does. Call it before. */
export function closing(client: MqttClient): Promise<void> {
	return new Promise((resolve) => client.once("close", resolve));
}

/** The reason code of the DISCONNECT that the hub sends (MQTT 5). Call it before. */
export function dismissal(client: MqttClient): Promise<number | undefined> {
	return new Promise((resolve) => client.once("disconnect", (packet) => resolve(packet.reasonCode)));
}
