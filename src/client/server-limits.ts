import type { ConnackProperties } from "../codec/index.ts";

/** What the broker can do, as its CONNACK told (MQTT 5 section 3.2.2.3). */
export interface ServerLimits {
	/** Publishes of QoS 1 and 2 that it takes at a time. */
	readonly receiveMaximum: number;
	/** The longest packet that it takes, in bytes. */
	readonly maximumPacketSize: number;
	readonly maximumQoS: number;
	readonly retainAvailable: boolean;
	readonly wildcardSubscriptionAvailable: boolean;
	readonly sharedSubscriptionAvailable: boolean;
}

/** What holds for 3.x, and for 5 where CONNACK is silent. */
export const DEFAULT_SERVER: ServerLimits = {
	receiveMaximum: 65_535,
	maximumPacketSize: 268_435_460,
	maximumQoS: 2,
	retainAvailable: true,
	wildcardSubscriptionAvailable: true,
	sharedSubscriptionAvailable: true,
};

export function serverLimits(properties: ConnackProperties | undefined): ServerLimits {
	if (properties === undefined) return DEFAULT_SERVER;
	return {
		receiveMaximum: properties.receiveMaximum ?? DEFAULT_SERVER.receiveMaximum,
		maximumPacketSize: properties.maximumPacketSize ?? DEFAULT_SERVER.maximumPacketSize,
		maximumQoS: properties.maximumQoS ?? DEFAULT_SERVER.maximumQoS,
		retainAvailable: properties.retainAvailable ?? true,
		wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable ?? true,
		sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable ?? true,
	};
}
