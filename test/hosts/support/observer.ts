import { connectAsync, type MqttClient } from "mqtt";
import { Condition } from "./condition.ts";

export interface Heard {
	readonly topic: string;
	readonly text: string;
	readonly retain: boolean;
}

/** An MQTT.js client that subscribes to everything below `motehub/` and keeps what it hears. */
export class Observer {
	readonly heard: Heard[] = [];
	readonly client: MqttClient;
	readonly #arrived = new Condition();

	private constructor(client: MqttClient) {
		this.client = client;
		client.on("message", (topic, payload, { retain }) => {
			this.heard.push({ topic, text: payload.toString(), retain });
			this.#arrived.notify();
		});
	}

	static async start(port: number): Promise<Observer> {
		const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
		const observer = new Observer(client);
		await client.subscribeAsync("motehub/#", { qos: 1 });
		return observer;
	}

	/** Every payload on this topic of the device `dut`, in order. */
	all(topic: string): readonly string[] {
		return this.heard.filter((each) => each.topic === `motehub/dut/${topic}`).map(({ text }) => text);
	}

	/** Resolves with the `count`th message on this topic of the device `dut` that matches. */
	hears(topic: string, pattern: RegExp, count = 1): Promise<Heard> {
		return this.hearsAt(`motehub/dut/${topic}`, pattern, count);
	}

	/** The same for any topic that the client is subscribed to. */
	hearsAt(topic: string, pattern: RegExp, count = 1): Promise<Heard> {
		const isMeant = (each: Heard) => each.topic === topic && pattern.test(each.text);
		return this.#arrived.until(() => this.heard.filter(isMeant)[count - 1]);
	}

	/** Sends a command to the device `dut`. */
	async command(name: string, payload: string | Buffer = "", retain = false): Promise<void> {
		await this.client.publishAsync(`motehub/dut/command/${name}`, payload, { qos: 1, retain });
	}

	async end(): Promise<void> {
		await this.client.endAsync(true);
	}
}
