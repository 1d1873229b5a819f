import * as mqttPacket from "mqtt-packet";
import { Client } from "../../../src/client/index.ts";
import { CLIENT, Decoder, encodePublish, encodeUtf8 } from "../../../src/codec/index.ts";
import type { Store } from "../../../src/ports/index.ts";
import { slotsByClass } from "./census.ts";
import { Loopback, STOPPED_CLOCK } from "./loopback.ts";
import { CENSUS, OPERATIONS, type Operation } from "./operations.ts";

/*
 * Runs in the XS engine. `handleCommand` takes two 16-bit numbers: which operation, and how often; or asks for the census. The engine itself
 * counts the bytecodes that each call runs, and the slots that are left on its heap.
 */

declare const gc: () => void;

const TOPIC = "home/kitchen/temperature";
const PAYLOAD = encodeUtf8('{"celsius":21.50}');
/** Retained messages that arrive together. */
const BURST = 500;
const FILTERS = ["home/kitchen/+", "home/+/humidity", "home/hall/#"];
const HEADER = {
	topic: TOPIC,
	qos: 0,
	retain: false,
	dup: false,
	messageId: undefined,
	properties: undefined,
} as const;
const PUBLISH = encodePublish(HEADER, PAYLOAD, 4);

/** A connected client with three subscriptions. */
class Measured {
	readonly loopback = new Loopback();
	readonly client: Client;
	/** Messages that reached a handler, and messages that were acknowledged. */
	received = 0;
	acknowledged = 0;
	readonly #onAcknowledged = () => {
		this.acknowledged++;
	};

	constructor() {
		const random = { next: () => 0.5 };
		this.client = new Client({ clientId: "measured" }, { transport: this.loopback, clock: STOPPED_CLOCK, random });
		this.client.start();
		this.loopback.connected();
		for (const filter of FILTERS) {
			this.client.subscribe(filter, () => {
				this.received++;
			});
			this.loopback.suback();
		}
	}

	receive(): void {
		this.loopback.deliver(PUBLISH);
	}

	publishQos0(): void {
		this.client.publish(TOPIC, PAYLOAD);
	}

	publishQos1(): void {
		this.client.publish(TOPIC, PAYLOAD, { qos: 1 }, this.#onAcknowledged);
		this.loopback.puback(TOPIC.length);
	}
}

/** A client that keeps its messages over a restart, in a Store that only counts. */
class Keeping {
	readonly #loopback = new Loopback();
	readonly #client: Client;
	/** Records written. */
	writes = 0;

	constructor(persistDelay: number) {
		const store: Store = {
			get: () => undefined,
			set: () => {
				this.writes++;
			},
			delete: () => {},
			keys: () => [],
		};
		const options = { clientId: "keeping", clean: false, persist: true, persistDelay };
		const random = { next: () => 0.5 };
		this.#client = new Client(options, { transport: this.#loopback, clock: STOPPED_CLOCK, random, store });
		this.#client.start();
		this.#loopback.connected();
	}

	publishQos1(): void {
		this.#client.publish(TOPIC, PAYLOAD, { qos: 1 });
		this.#loopback.puback(TOPIC.length);
	}
}

/** Our codec alone. */
class Codec {
	readonly #decoder = new Decoder({ role: CLIENT, maxPacket: 4_096 });
	decoded = 0;

	constructor() {
		this.#decoder.version = 4;
	}

	decode(): void {
		this.#decoder.push(PUBLISH);
		while (this.#decoder.next() !== undefined) this.decoded++;
	}

	encode(): void {
		encodePublish(HEADER, PAYLOAD, 4);
	}
}

/** mqtt-packet alone, as it is bundled for the device: one parser, used again and again. */
class Reference {
	readonly #parser = mqttPacket.parser({ protocolVersion: 4 });
	readonly #payload: Uint8Array;
	parsed = 0;

	constructor() {
		this.#parser.on("packet", () => {
			this.parsed++;
		});
		// It takes a payload as an instance of its own Buffer, whose types this engine does not have.
		const frame = mqttPacket.generate({ cmd: "pingreq" }) as unknown as { readonly constructor: typeof Uint8Array };
		this.#payload = frame.constructor.from(PAYLOAD);
	}

	parse(): void {
		this.#parser.parse(PUBLISH);
	}

	generate(qos: 0 | 1): void {
		const packet = {
			cmd: "publish",
			topic: TOPIC,
			payload: this.#payload,
			qos,
			retain: false,
			dup: false,
			messageId: 4711,
		};
		mqttPacket.generate(packet as never);
	}
}

/** A client that gets all retained messages of a home at once, as after a SUBSCRIBE: time stands still, so one turn is all. */
class Burst {
	readonly client = new Measured();
	readonly #frames: Uint8Array;

	constructor() {
		const frames = Array.from({ length: BURST }, (_, index) => retained(index));
		this.#frames = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
		let at = 0;
		for (const frame of frames) {
			this.#frames.set(frame, at);
			at += frame.length;
		}
	}

	turn(): void {
		this.client.loopback.deliver(this.#frames);
	}
}

function retained(index: number): Uint8Array {
	const header = { ...HEADER, topic: `home/kitchen/${index}`, qos: 1, retain: true, messageId: index + 1 } as const;
	return encodePublish(header, PAYLOAD, 4);
}

const state: {
	measured?: Measured;
	keeping?: Keeping;
	keepingLate?: Keeping;
	codec?: Codec;
	reference?: Reference;
	burst?: Burst;
} = {};

function measured(): Measured {
	state.measured ??= new Measured();
	return state.measured;
}

function codec(): Codec {
	state.codec ??= new Codec();
	return state.codec;
}

function keeping(): Keeping {
	state.keeping ??= new Keeping(0);
	return state.keeping;
}

function keepingLate(): Keeping {
	state.keepingLate ??= new Keeping(2_000);
	return state.keepingLate;
}

function reference(): Reference {
	state.reference ??= new Reference();
	return state.reference;
}

function burst(): Burst {
	state.burst ??= new Burst();
	return state.burst;
}

const RUN: Readonly<Record<Operation, () => void>> = {
	nothing: () => {},
	collect: () => gc(),
	connect: () => void measured(),
	receive: () => measured().receive(),
	publishQos0: () => measured().publishQos0(),
	publishQos1: () => measured().publishQos1(),
	keepQos1: () => keeping().publishQos1(),
	keepQos1Late: () => keepingLate().publishQos1(),
	decode: () => codec().decode(),
	encode: () => codec().encode(),
	parse: () => reference().parse(),
	generateQos0: () => reference().generate(0),
	generateQos1: () => reference().generate(1),
	subscribeToMany: () => void burst(),
	turn: () => burst().turn(),
};

/** How many messages went their whole way since the start, so that the counts can be trusted; or were written to the Store. */
function arrived(): ArrayBuffer {
	const { received = 0, acknowledged = 0 } = state.measured ?? {};
	const slice = state.burst?.client.received ?? 0;
	const written = (state.keeping?.writes ?? 0) + (state.keepingLate?.writes ?? 0);
	return Uint32Array.of(received, acknowledged, state.codec?.decoded ?? 0, state.reference?.parsed ?? 0, written, slice)
		.buffer;
}

/** In JSON. */
function census(): ArrayBuffer {
	const { client, loopback } = measured();
	const slots = slotsByClass(client, [loopback, STOPPED_CLOCK]);
	return Uint8Array.from(encodeUtf8(JSON.stringify(Object.fromEntries(slots)))).buffer;
}

Object.assign(globalThis, {
	handleCommand(request: ArrayBuffer): ArrayBuffer {
		const [index = 0, count = 0] = new Uint16Array(request);
		if (index === CENSUS) return census();
		const operation = RUN[OPERATIONS[index] ?? "nothing"];
		for (let done = 0; done < count; done++) operation();
		return arrived();
	},
});
