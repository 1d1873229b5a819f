import { type BrokerLimits, HUB_LIMITS, type LiveLimits } from "../../../src/broker/index.ts";
import {
	integer,
	optional,
	qos,
	type Reader,
	reader,
	record,
	refined,
	withDefault,
} from "../../../src/config/index.ts";
import { CONNECTIONS_PER_ADDRESS } from "../address-limit.ts";
import type { LimitSettings } from "./settings.ts";

const UNITS: Readonly<Record<string, number>> = {
	"": 1,
	B: 1,
	KB: 1e3,
	MB: 1e6,
	GB: 1e9,
	KiB: 2 ** 10,
	MiB: 2 ** 20,
	GiB: 2 ** 30,
};
const FOREVER = 0xffff_ffff;

/** Bytes: 4096, or "16 MiB". */
function size(from: number, to: number): Reader<number> {
	return reader(`a size from ${from} to ${to} bytes, such as 65536, "64 KiB" or "16 MB"`, (value) => {
		const [, digits = "", unit = ""] = /^(\d{1,15})\s*([A-Za-z]*)$/.exec(String(value)) ?? [];
		const factor = Object.hasOwn(UNITS, unit) ? (UNITS[unit] ?? 1) : Number.NaN;
		const bytes = digits === "" ? Number.NaN : Number(digits) * factor;
		return bytes >= from && bytes <= to ? bytes : undefined;
	});
}

const seconds: Reader<number> = refined(integer(1, 3_600), (value) => value * 1_000);

const expiry: Reader<number> = reader("seconds from 0 to 4294967294, or never", (value) => {
	return value === "never" ? FOREVER : integerOrUndefined(value, FOREVER - 1);
});

function integerOrUndefined(value: unknown, to: number): number | undefined {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= to ? value : undefined;
}

const MEMORY = 2 ** 40;

/** The keys of `limits:`, what each is in the broker, and how it is read. */
export const LIMIT_KEYS = {
	connections: { field: "connections", read: integer(1, 1_000_000) },
	connect_timeout: { field: "connectTimeout", read: seconds },
	max_packet: { field: "maxPacket", read: size(128, 268_435_460) },
	max_connect: { field: "maxConnect", read: size(128, 268_435_460) },
	stall_timeout: { field: "stallTimeout", read: seconds },
	sessions: { field: "sessions", read: integer(1, 10_000_000) },
	session_expiry: { field: "sessionExpiry", read: expiry },
	subscriptions: { field: "subscriptionsPerClient", read: integer(1, 1_000_000) },
	queue_messages: { field: "queueMessages", read: integer(1, 10_000_000) },
	queue_bytes: { field: "queueBytes", read: size(1_024, MEMORY) },
	inflight: { field: "inflight", read: integer(1, 65_535) },
	receive_maximum: { field: "receiveMaximum", read: integer(1, 65_535) },
	retained_messages: { field: "retainedMessages", read: integer(0, 100_000_000) },
	retained_bytes: { field: "retainedBytes", read: size(0, MEMORY) },
	topic_levels: { field: "topicLevels", read: integer(1, 128) },
	user_properties: { field: "userProperties", read: integer(0, 10_000) },
	topic_aliases: { field: "topicAliases", read: integer(0, 65_535) },
} as const satisfies Readonly<Record<string, { readonly field: keyof LiveLimits; readonly read: Reader<number> }>>;

const brokerFields = Object.fromEntries(
	Object.entries(LIMIT_KEYS).map(([key, { field, read }]) => [key, withDefault<number>(read, HUB_LIMITS[field])]),
) as { readonly [K in keyof typeof LIMIT_KEYS]: Reader<number> };

const fields = record({
	...brokerFields,
	connections_per_address: withDefault(integer(1, 1_000_000), CONNECTIONS_PER_ADDRESS),
	messages_per_second: optional(integer(1, 10_000_000)),
	max_qos: withDefault(qos(), 2),
});

/** `limits:` */
export const limitSettings: Reader<LimitSettings> = refined(fields, (values, path, report) => {
	if (values.max_connect > values.max_packet) {
		report.error([...path, "max_packet"], "is less than max_connect, the limit of a first packet");
		return undefined;
	}
	const broker: Record<string, number> = { ...HUB_LIMITS };
	for (const [key, { field }] of Object.entries(LIMIT_KEYS)) broker[field] = values[key as keyof typeof LIMIT_KEYS];
	return {
		broker: broker as unknown as BrokerLimits,
		connectionsPerAddress: values.connections_per_address,
		messagesPerSecond: values.messages_per_second,
		maxQos: values.max_qos,
	};
});

/** What holds when nothing is said. */
export const DEFAULT_LIMITS: LimitSettings = {
	broker: HUB_LIMITS,
	connectionsPerAddress: CONNECTIONS_PER_ADDRESS,
	messagesPerSecond: undefined,
	maxQos: 2,
};
