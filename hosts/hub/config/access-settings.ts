import {
	boolean,
	type FieldValues,
	list,
	mapping,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	topicFilter,
	withDefault,
} from "../../../src/config/index.ts";
import type { FileReaders } from "./file-readers.ts";
import type { AccessSettings, FiltersByUser } from "./settings.ts";

/** Topic filters by user name. */
export function filtersByUser(): Reader<FiltersByUser> {
	return refined(mapping(list(unsharedFilter)), (users) => [...users].map(([user, filters]) => ({ user, filters })));
}

const unsharedFilter = refined(topicFilter(), (filter, path, report) => {
	if (!filter.startsWith("$share/")) return filter;
	report.error(path, `"${filter}" is a shared subscription; its filter alone is judged`);
	return undefined;
});

function accessFields(files: FileReaders) {
	return {
		file: optional(files.file),
		subscribe: optional(filtersByUser()),
		publish: optional(filtersByUser()),
		taboo: withDefault(boolean(), false),
	};
}

/** `acl:` a Mosquitto ACL file, or filters by user for subscribing and publishing. */
export function accessSettings(files: FileReaders): Reader<AccessSettings> {
	return refined(record(accessFields(files)), toAccess);
}

function toAccess(
	{ file, subscribe, publish, taboo }: FieldValues<ReturnType<typeof accessFields>>,
	path: Path,
	report: Report,
): AccessSettings | undefined {
	const byTopic = subscribe !== undefined || publish !== undefined || taboo;
	if (file !== undefined && byTopic) {
		report.error([...path, "file"], "cannot be beside subscribe, publish and taboo: one of the two decides", "key");
		return undefined;
	}
	if (file !== undefined) return { kind: "acl", file };
	if (byTopic) return { kind: "topics", subscribe, publish, taboo };
	report.error(path, "says nothing; it takes file, or subscribe and publish (leave acl out to allow everything)");
	return undefined;
}
