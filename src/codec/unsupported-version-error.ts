import { ProtocolError } from "./errors.ts";
import { REASON } from "./reason.ts";

/**
 * A CONNECT asked for a protocol that is not spoken here. A server can answer it in the form that its sender
 * understands: CONNACK with return code 1 below level 5 [MQTT-3.1.2-2], with reason code 0x84 from level 5 on.
 */
export class UnsupportedVersionError extends ProtocolError {
	override name = "UnsupportedVersionError";
	/** The protocol name that was asked for: "MQTT", "MQIsdp", or what else stood there. */
	readonly protocolName: string;
	/** The protocol level that was asked for. */
	readonly protocolLevel: number;

	constructor(protocolName: string, protocolLevel: number) {
		super(
			REASON.UNSUPPORTED_PROTOCOL_VERSION,
			`CONNECT asks for protocol ${JSON.stringify(protocolName)} level ${protocolLevel}; ` +
				`known are "MQIsdp" 3 (3.1), "MQTT" 4 (3.1.1) and "MQTT" 5.`,
		);
		this.protocolName = protocolName;
		this.protocolLevel = protocolLevel;
	}
}
