import {
	boolean,
	choice,
	integer,
	MQTT_FIELDS,
	mapping,
	optional,
	type Reader,
	record,
	refined,
	toMqttOptions,
	topicRules,
	withDefault,
} from "../../../src/config/index.ts";
import type { FileReaders } from "./file-readers.ts";
import type { BridgeSettings } from "./settings.ts";

/** The keys of a connection, with the files that they name looked for on this machine. */
export function connectionFields(files: FileReaders) {
	return {
		...MQTT_FIELDS,
		certificate: optional(files.fileOrAuto),
		client_cert: optional(files.file),
		client_key: optional(files.file),
	};
}

/** `bridges:`, by name. */
export function bridgeSettings(files: FileReaders): Reader<readonly BridgeSettings[]> {
	const fields = record({
		...connectionFields(files),
		// With its paths and No Local nothing goes in circles; the client steps down where it is not known.
		protocol: withDefault(choice(["3.1", "3.1.1", "5"]), "5"),
		topics: topicRules,
		clean_session: withDefault(boolean(), false),
		queue_messages: withDefault(integer(0, 65_000), 10_000),
	});
	const one = refined(fields, (values, path, report): Omit<BridgeSettings, "name"> | undefined => {
		const connection = toMqttOptions(values, path, report);
		if (connection === undefined) return undefined;
		const { topics, clean_session: cleanSession, queue_messages: queueMessages } = values;
		return { connection, topics, cleanSession, queueMessages };
	});
	return refined(mapping(one), (bridges) => [...bridges].map(([name, bridge]) => ({ name, ...bridge })));
}
