import type { ConnackProperties, ProtocolVersion, QoS } from "../codec/index.ts";

/** What the broker of a connection speaks, and what it can do, as its CONNACK told (MQTT 5 section 3.2.2.3). */
export interface ServerLimits {
	readonly version: ProtocolVersion;
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

/** What holds where nothing else was said. */
export const DEFAULT_SERVER: ServerLimits = {
	version: 4,
	receiveMaximum: 65_535,
	maximumPacketSize: 268_435_460,
	maximumQoS: 2,
	retainAvailable: true,
	wildcardSubscriptionAvailable: true,
	sharedSubscriptionAvailable: true,
	subscriptionIdentifiersAvailable: false,
};

/** What a CONNACK says; where that of MQTT 5 is silent, everything is available. */
export function serverLimits(version: ProtocolVersion, properties: ConnackProperties = {}): ServerLimits {
	// In flash: most brokers are asked for this version.
	if (version === DEFAULT_SERVER.version) return DEFAULT_SERVER;
	return {
		version,
		receiveMaximum: properties.receiveMaximum ?? DEFAULT_SERVER.receiveMaximum,
		maximumPacketSize: properties.maximumPacketSize ?? DEFAULT_SERVER.maximumPacketSize,
		maximumQoS: (properties.maximumQoS ?? 2) as QoS, // the codec lets 0 and 1 pass
		retainAvailable: properties.retainAvailable ?? true,
		wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable ?? true,
		sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable ?? true,
		subscriptionIdentifiersAvailable: properties.subscriptionIdentifiersAvailable ?? version === 5,
	};
}
