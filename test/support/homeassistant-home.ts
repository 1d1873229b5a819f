import type { ClientOptions } from "../../src/client/index.ts";
import { decodeUtf8, encodeUtf8, type PublishPacket } from "../../src/codec/index.ts";
import {
	type Entity,
	HomeAssistantDevice,
	type HomeAssistantFault,
	type HomeAssistantOptions,
	type LightCommand,
} from "../../src/homeassistant/index.ts";
import { Harness, type Peer } from "./client-harness.ts";

/** What the entities' handlers were told. */
export const commands: unknown[] = [];

export const ENTITIES: readonly Entity[] = [
	{ platform: "sensor", id: "temperature", name: "Temperature", deviceClass: "temperature", unit: "°C", precision: 1 },
	{ platform: "sensor", id: "mode", name: "Mode", deviceClass: "enum", options: ["eco", "boost"] },
	{ platform: "binary_sensor", id: "door", name: null, deviceClass: "door", offDelay: 5 },
	{ platform: "switch", id: "relay", name: "Relay", onCommand: (on) => commands.push(on) },
	{ platform: "number", id: "interval", name: "Interval", min: 1, max: 60, onCommand: (value) => commands.push(value) },
	{ platform: "select", id: "scene", name: "Scene", options: ["day", "night"], onCommand: (o) => commands.push(o) },
	{ platform: "button", id: "restart", name: "Restart", category: "config", onCommand: () => commands.push("restart") },
	{ platform: "text", id: "label", name: "Label", max: 5, onCommand: (text) => commands.push(text) },
	{ platform: "update", id: "firmware", name: "Firmware", onCommand: () => commands.push("install") },
	{ platform: "device_automation", id: "press", type: "button_short_press", subtype: "button_1" },
	{
		platform: "light",
		id: "lamp",
		name: "Lamp",
		rgb: true,
		colorTemperature: { min: 2_000, max: 6_500 },
		effects: ["rainbow"],
		onCommand: (command: LightCommand) => commands.push(command),
	},
];

export const OPTIONS: HomeAssistantOptions = {
	device: { id: "kitchen", name: "Kitchen", manufacturer: "motehub", softwareVersion: "1.0" },
	origin: { name: "motehub", url: "https://motehub.example" },
	entities: ENTITIES,
};

/** A device in Home Assistant whose broker is the test. */
export class Home {
	readonly device: HomeAssistantDevice;
	readonly harness: Harness;

	constructor(options: Partial<HomeAssistantOptions> = {}, onFault?: (fault: HomeAssistantFault) => void) {
		const device = new HomeAssistantDevice({ ...OPTIONS, ...options });
		const client: ClientOptions = { will: device.will, onState: (state) => device.connectionChanged(state) };
		this.device = device;
		this.harness = new Harness(client);
		const { clock, random } = this.harness;
		device.attach({ client: this.harness.client, clock, random, log: this.harness, ...(onFault && { onFault }) });
	}

	/** Connects, and acknowledges until the device has no more to say. */
	online(): PublishPacket[] {
		this.harness.accept();
		return this.settle();
	}

	get peer(): Peer {
		return this.harness.peer;
	}

	/** Acknowledges what the device publishes, and returns it. */
	settle(): PublishPacket[] {
		const published: PublishPacket[] = [];
		for (;;) {
			this.harness.advance(100);
			const packets = this.peer.take();
			if (packets.length === 0) return published;
			for (const packet of packets) {
				if (packet.cmd === "subscribe") {
					this.peer.send({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
				}
				if (packet.cmd !== "publish") continue;
				published.push({ ...packet, payload: packet.payload.slice() });
				if (packet.messageId !== undefined) {
					this.peer.send({ cmd: "puback", messageId: packet.messageId, reasonCode: 0 });
				}
			}
		}
	}

	tell(topic: string, text: string, retain = false): void {
		const payload = encodeUtf8(text);
		const properties = undefined;
		this.peer.send({ cmd: "publish", topic, payload, qos: 0, retain, dup: false, messageId: undefined, properties });
	}
}

export function text(packet: PublishPacket | undefined): string {
	return packet === undefined ? "" : decodeUtf8(packet.payload, 0, packet.payload.length);
}
