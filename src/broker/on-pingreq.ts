import { encodePingresp } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { send } from "./gates.ts";

/** [MQTT-3.12.4-1] */
export function onPingreq(broker: Broker, connection: Connection): void {
	send(broker, connection, encodePingresp());
}
