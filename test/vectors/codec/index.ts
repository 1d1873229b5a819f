import { ACKS } from "./acks.ts";
import { CONNACK } from "./connack.ts";
import { CONNECT } from "./connect.ts";
import { CONNECT_FLAGS } from "./connect-flags.ts";
import { ENDINGS } from "./endings.ts";
import { MALFORMED_CONNECT } from "./malformed-connect.ts";
import { MALFORMED_FRAMING } from "./malformed-framing.ts";
import { MALFORMED_OTHERS } from "./malformed-others.ts";
import { MALFORMED_PUBLISH } from "./malformed-publish.ts";
import { PUBLISH } from "./publish.ts";
import { PUBLISH_FLAGS } from "./publish-flags.ts";
import { PUBLISH_PROPERTIES } from "./publish-properties.ts";
import { PUBLISH_TOPICS } from "./publish-topics.ts";
import { SUBSCRIPTIONS } from "./subscriptions.ts";
import type { Malformed, Vector } from "./vector.ts";

export { fromHex, toHex } from "./vector.ts";
export type { Malformed, Vector };

/** Every packet type in every version, with every flag. */
export const VECTORS: readonly Vector[] = [
	...CONNECT_FLAGS,
	...CONNECT,
	...CONNACK,
	...PUBLISH_FLAGS,
	...PUBLISH,
	...PUBLISH_PROPERTIES,
	...PUBLISH_TOPICS,
	...ACKS,
	...SUBSCRIPTIONS,
	...ENDINGS,
];

/** What a strict decoder refuses. */
export const MALFORMED: readonly Malformed[] = [
	...MALFORMED_FRAMING,
	...MALFORMED_CONNECT,
	...MALFORMED_PUBLISH,
	...MALFORMED_OTHERS,
];
