import type { ProtocolVersion, QoS } from "../../../src/codec/index.ts";
import type { Vector } from "./vector.ts";

/** Topic "a/b", payload "hi", packet identifier 0x1234. */
function publish(versions: readonly ProtocolVersion[], hex: string, qos: QoS, dup: boolean, retain: boolean): Vector {
	const messageId = qos === 0 ? undefined : 0x1234;
	const payload = new Uint8Array([0x68, 0x69]);
	return {
		name: `publish ${JSON.stringify({ qos, dup, retain })}`,
		versions,
		from: "both",
		hex,
		packet: { cmd: "publish", topic: "a/b", qos, retain, dup, messageId, properties: undefined, payload },
	};
}

/** PUBLISH with every combination of flags (section 3.3.1). */
export const PUBLISH_FLAGS: readonly Vector[] = [
	publish([3, 4], "30070003612f626869", 0, false, false),
	publish([3, 4], "31070003612f626869", 0, false, true),
	publish([3, 4], "32090003612f6212346869", 1, false, false),
	publish([3, 4], "33090003612f6212346869", 1, false, true),
	publish([3, 4], "3a090003612f6212346869", 1, true, false),
	publish([3, 4], "3b090003612f6212346869", 1, true, true),
	publish([3, 4], "34090003612f6212346869", 2, false, false),
	publish([3, 4], "35090003612f6212346869", 2, false, true),
	publish([3, 4], "3c090003612f6212346869", 2, true, false),
	publish([3, 4], "3d090003612f6212346869", 2, true, true),
	publish([5], "30080003612f62006869", 0, false, false),
	publish([5], "31080003612f62006869", 0, false, true),
	publish([5], "320a0003612f621234006869", 1, false, false),
	publish([5], "330a0003612f621234006869", 1, false, true),
	publish([5], "3a0a0003612f621234006869", 1, true, false),
	publish([5], "3b0a0003612f621234006869", 1, true, true),
	publish([5], "340a0003612f621234006869", 2, false, false),
	publish([5], "350a0003612f621234006869", 2, false, true),
	publish([5], "3c0a0003612f621234006869", 2, true, false),
	publish([5], "3d0a0003612f621234006869", 2, true, true),
];
