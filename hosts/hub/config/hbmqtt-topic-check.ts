import {
	boolean,
	choice,
	type FieldValues,
	list,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
} from "../../../src/config/index.ts";
import { filtersByUser } from "./access-settings.ts";
import type { AccessSettings } from "./settings.ts";

const FIELDS = {
	enabled: optional(boolean()),
	plugins: optional(list(choice(["topic_acl", "topic_taboo"]))),
	acl: optional(filtersByUser()),
	"publish-acl": optional(filtersByUser()),
};

const OPEN: AccessSettings = { kind: "open" };

/** `topic-check:` of HBMQTT, and aMQTT's `publish-acl`. */
export function hbmqttTopicCheck(): Reader<AccessSettings> {
	return refined(record(FIELDS), toAccess);
}

function toAccess(check: FieldValues<typeof FIELDS>, path: Path, report: Report): AccessSettings | undefined {
	const { enabled, plugins, acl: subscribe, "publish-acl": publish } = check;
	const hasAcl = subscribe !== undefined || publish !== undefined;
	if (enabled === undefined && (hasAcl || plugins !== undefined)) {
		report.error(path, "needs enabled: true or false; HBMQTT takes nothing for false");
		return undefined;
	}
	if (enabled !== true) {
		if (hasAcl) report.notice([...path, "acl"], "has no effect: topic-check is not enabled");
		return OPEN;
	}
	const usesAcl = plugins === undefined || plugins.includes("topic_acl");
	if (usesAcl && !hasAcl) {
		report.error(path, "needs acl: without one nobody could subscribe to anything (or plugins: [], for no check)");
		return undefined;
	}
	if (!usesAcl && hasAcl) {
		report.error([...path, "acl"], "has no effect unless plugins has topic_acl", "key");
		return undefined;
	}
	const taboo = plugins?.includes("topic_taboo") ?? false;
	return usesAcl || taboo ? { kind: "topics", subscribe, publish, taboo } : OPEN;
}
