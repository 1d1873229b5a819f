import { type PublishProperties, type QoS, REASON } from "../../../src/codec/index.ts";
import type { Millis } from "../../../src/ports/index.ts";
import { LoadLimit } from "./load-limit.ts";
import { PATH_PROPERTY } from "./path.ts";
import { countUserProperties, withoutUserProperties, withoutUserProperty } from "./user-properties.ts";

/** With these reasons a broker ends a connection because of what it was sent. */
const BLAMING: readonly (number | undefined)[] = [
	REASON.UNSPECIFIED_ERROR,
	REASON.MALFORMED_PACKET,
	REASON.PROTOCOL_ERROR,
	REASON.IMPLEMENTATION_SPECIFIC_ERROR,
	REASON.PACKET_TOO_LARGE,
	REASON.QUOTA_EXCEEDED,
];

/** Whether the DISCONNECT of a broker with this reason code is about what it was sent. */
export function isBlaming(reasonCode: number | undefined): boolean {
	return BLAMING.includes(reasonCode);
}

/** What goes out over a bridge, made to fit the broker there: without some of its user properties rather than not at all. */
export class Freight {
	readonly #limit: LoadLimit;
	readonly #shortened: (most: number) => void;

	/** `shortened`: a message goes with no more than `most` user properties, without some of its own or its path. */
	constructor(shortened: (most: number) => void, clock?: () => Millis) {
		this.#limit = new LoadLimit(clock);
		this.#shortened = shortened;
	}

	/** Whether a message with so many user properties, its path among them, goes with its path. */
	keepsPath(count: number): boolean {
		return count <= this.#limit.most;
	}

	/** The properties with which a message leaves. */
	load(properties: PublishProperties | undefined, qos: QoS): PublishProperties | undefined {
		const load = this.#fit(properties);
		if (qos === 0) this.#limit.sent(countUserProperties(load));
		return load;
	}

	/** There is a new connection to the broker. */
	connected(): void {
		this.#limit.connected();
	}

	/** The broker has acknowledged a message with these properties. */
	taken(load: PublishProperties): void {
		this.#limit.taken(countUserProperties(load));
	}

	/**
	 * The broker has refused what it was sent: one of these, which it has not acknowledged, or one of QoS 0. If it is found to
	 * take fewer user properties, they are taken out of `loads` themselves, which are to be sent again. True: it may take
	 * them at the next attempt.
	 */
	refused(loads: readonly PublishProperties[]): boolean {
		const counts = loads.map((load) => countUserProperties(load));
		if (counts.length > 0 && counts.every((count) => count === 0)) this.#limit.refusedBare();
		const isFound = this.#limit.refused(Math.max(0, ...counts));
		if (isFound === true) for (const load of loads) this.#lighten(load);
		return isFound !== undefined;
	}

	#fit(properties: PublishProperties | undefined): PublishProperties | undefined {
		const { most } = this.#limit;
		if (properties === undefined || countUserProperties(properties) <= most) return properties;
		this.#shortened(most);
		const own = withoutUserProperty(properties, PATH_PROPERTY);
		return countUserProperties(own) <= most ? own : withoutUserProperties(properties);
	}

	#lighten(load: PublishProperties): void {
		const fitting = this.#fit(load);
		if (fitting !== load) Object.assign(load, { userProperties: undefined, userPropertyOrder: undefined }, fitting);
	}
}
