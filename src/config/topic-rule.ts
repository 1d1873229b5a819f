import { topicFilterFault } from "../topic/index.ts";
import { qos } from "./mqtt-options.ts";
import { choice, isMapping, list, type Reader, reader, record, refined, text, withDefault } from "./readers.ts";
import type { Path, Report } from "./report.ts";

export type Direction = "in" | "out" | "both";

/**
 * What a bridge carries, as Mosquitto's `topic` line says it. Outwards, a local topic `localPrefix + t` goes out as
 * `remotePrefix + t` where `t` matches the filter; inwards the other way round.
 */
export interface TopicRule {
	readonly filter: string;
	readonly direction: Direction;
	readonly qos: 0 | 1 | 2;
	readonly localPrefix: string;
	readonly remotePrefix: string;
}

const prefix = withDefault(reader("text, or nothing between quotes", textOrEmpty), "");
const direction = withDefault(choice(["in", "out", "both"]), "out");
const level = withDefault(qos(), 0);

const ruleFields = record({
	filter: reader("a topic filter, or empty for the prefixes alone", textOrEmpty),
	direction,
	qos: level,
	local_prefix: prefix,
	remote_prefix: prefix,
});

const mappedRule = refined(ruleFields, (fields, path, report) => {
	return checkedRule(
		{
			filter: fields.filter,
			direction: fields.direction,
			qos: fields.qos,
			localPrefix: fields.local_prefix,
			remotePrefix: fields.remote_prefix,
		},
		path,
		report,
	);
});

/** A rule as a mapping, or as Mosquitto writes it: `sensors/# both 0 local/ remote/`. */
export const topicRule: Reader<TopicRule> = {
	allowed:
		'a mapping with filter, direction, qos, local_prefix and remote_prefix, or text such as "sensors/# both 0 local/ remote/"',
	read(value, path, report) {
		if (isMapping(value)) return mappedRule.read(value, path, report);
		return lineRule.read(value, path, report);
	},
};

/** What a bridge carries: one rule at least. */
export const topicRules: Reader<readonly TopicRule[]> = refined(list(topicRule, true), (rules, path, report) => {
	if (rules.length > 0) return rules;
	report.error(path, "is empty; a bridge without a rule carries nothing");
	return undefined;
});

const lineRule = refined(text(topicRule.allowed), (line, path, report) => {
	const words = line.split(" ").filter((word) => word !== "");
	const [filter, way, digit, local, remote] = words.map((word) => (word === '""' ? "" : word));
	if (words.length > 5) {
		report.error(path, `"${line}" has more than filter, direction, QoS, local prefix and remote prefix`);
		return undefined;
	}
	const before = report.errors.length;
	const rule = {
		filter: filter ?? "",
		direction: direction.read(way, path, report) ?? "out",
		qos: level.read(digit, path, report) ?? 0,
		localPrefix: local ?? "",
		remotePrefix: remote ?? "",
	};
	return report.errors.length > before ? undefined : checkedRule(rule, path, report);
});

function checkedRule(rule: TopicRule, path: Path, report: Report): TopicRule | undefined {
	for (const side of ["localPrefix", "remotePrefix"] as const) {
		const fault = faultOf(rule[side], rule.filter);
		if (fault === undefined) continue;
		report.error(path, `"${rule[side] + rule.filter}" ${fault}`);
		return undefined;
	}
	return rule;
}

function faultOf(prefix: string, filter: string): string | undefined {
	if (prefix.includes("+") || prefix.includes("#")) return "has a wildcard in its prefix";
	const whole = prefix + filter;
	// Nor could it be subscribed to with No Local [MQTT-3.8.3-4], and its messages match no such filter.
	if (whole.startsWith("$share/")) return "is a shared subscription, which a bridge cannot carry";
	return topicFilterFault(whole);
}

function textOrEmpty(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}
