import type { ConnackProperties, QoS } from "../codec/index.ts";

/** What the broker can do, as its CONNACK told (MQTT 5 section 3.2.2.3). */
export interface ServerLimits {
	/** Publishes of QoS 1 and 2 that it takes at a time. */
	readonly receiveMaximum: number;
	/** The longest packet that it takes, in bytes. */
	readonly maximumPacketSize: number;
	readonly maximumQoS: QoS;
	readonly retainAvailable: boolean;
	readonly wildcardSubscriptionAvailable: boolean;
	readonly sharedSubscriptionAvailable: boolean;
	/** False before MQTT 5. */
	readonly subscriptionIdentifiersAvailable: boolean;
}

/** What holds for 3.x. */
export const DEFAULT_SERVER: ServerLimits = {
	receiveMaximum: 65_535,
	maximumPacketSize: 268_435_460,
	maximumQoS: 2,
	retainAvailable: true,
	wildcardSubscriptionAvailable: true,
	sharedSubscriptionAvailable: true,
	subscriptionIdentifiersAvailable: false,
};

/** What a CONNACK of MQTT 5 says; where it is silent, everything is available. */
export function serverLimits(properties: ConnackProperties = {}): ServerLimits {
	return {
		receiveMaximum: properties.receiveMaximum ?? DEFAULT_SERVER.receiveMaximum,
		maximumPacketSize: properties.maximumPacketSize ?? DEFAULT_SERVER.maximumPacketSize,
		maximumQoS: (properties.maximumQoS ?? DEFAULT_SERVER.maximumQoS) as QoS, // the codec lets 0 and 1 pass
		retainAvailable: properties.retainAvailable ?? true,
		wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable ?? true,
		sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable ?? true,
		subscriptionIdentifiersAvailable: properties.subscriptionIdentifiersAvailable ?? true,
	};
}
