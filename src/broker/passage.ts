import type { PublishProperties } from "../codec/index.ts";

/** Looks at each message when it comes in, after all checks: for messages that go round in circles between brokers. */
export interface Passage {
	/**
	 * The properties with which the message goes on: the given ones, or others. False: it has been here before, and goes
	 * nowhere; its sender is told that it was taken.
	 */
	enter(
		topic: string,
		properties: PublishProperties | undefined,
		payload: Uint8Array,
	): PublishProperties | undefined | false;
}

/** Everything goes on as it comes. */
export const FREE_PASSAGE: Passage = { enter: (_, properties) => properties };
