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

/** Of MQTT 3.1.1, and before the first CONNACK. In flash: most brokers are asked for this version. */
export const DEFAULT_SERVER: ServerLimits = Object.freeze(limitsOf(4, {}));

/** What a CONNACK says; where that of MQTT 5 is silent, everything is available. */
export function serverLimits(version: ProtocolVersion, properties: ConnackProperties = {}): ServerLimits {
	return version === 4 ? DEFAULT_SERVER : limitsOf(version, properties);
}

function limitsOf(version: ProtocolVersion, properties: ConnackProperties): ServerLimits {
	return {
		version,
		receiveMaximum: properties.receiveMaximum ?? 65_535,
		maximumPacketSize: properties.maximumPacketSize ?? 268_435_460,
		maximumQoS: (properties.maximumQoS ?? 2) as QoS, // the codec lets 0 and 1 pass
		retainAvailable: properties.retainAvailable ?? true,
		wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable ?? true,
		sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable ?? true,
		subscriptionIdentifiersAvailable: properties.subscriptionIdentifiersAvailable ?? version === 5,
	};
}
