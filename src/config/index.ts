export { EMBEDDED_DEFAULTS } from "./embedded.ts";
export {
	MQTT_DEFAULTS,
	MQTT_FIELDS,
	type MqttOptions,
	mqttOptions,
	type Protocol,
	qos,
	type StatusMessage,
	type TlsOptions,
	type TlsVersion,
	toMqttOptions,
	topicFilter,
	topicName,
} from "./mqtt-options.ts";
export {
	boolean,
	choice,
	type FieldValues,
	integer,
	isMapping,
	list,
	mapping,
	optional,
	type Reader,
	reader,
	record,
	refined,
	secret,
	text,
	unknownKey,
	withDefault,
} from "./readers.ts";
export { type Finding, type Path, pathText, Report } from "./report.ts";
export { MASK, Secret } from "./secret.ts";
export { mostSimilar } from "./similar.ts";
export { type Direction, type TopicRule, topicRule, topicRules } from "./topic-rule.ts";
