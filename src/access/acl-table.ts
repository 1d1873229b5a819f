import { filterMatches, topicFilterFault } from "../topic/index.ts";
import { DENY, Grants, READ, WRITE } from "./grants.ts";
import type { AclRule } from "./mosquitto-acl.ts";
import type { AccessTable, Identity, Rights } from "./rights.ts";

/**
 * Mosquitto's rules, compiled. What no rule allows is denied; a `deny` of any kind goes before all that allow, as
 * mosquitto.conf(5) says (Mosquitto 2.0 itself lets a `topic` line win over `pattern deny`). SUBSCRIBE is granted:
 * `read` decides at delivery. A rule that does not start with `$` says nothing of `$` topics.
 */
export class AclTable implements AccessTable {
	readonly #users = new Map<string | undefined, Grants>();
	/** Patterns without %c and %u, allowing only: for all clients whose names are not suspect. */
	readonly #shared = new Grants();
	/** Patterns without %c and %u that deny: for all clients. */
	readonly #denied = new Grants();
	readonly #patterns: AclRule[] = [];

	constructor(rules: readonly AclRule[]) {
		for (const rule of rules) this.#add(rule);
	}

	#add(rule: AclRule): void {
		if (rule.pattern) {
			const levels = rule.filter.split("/");
			if (levels.includes("%c") || levels.includes("%u")) this.#patterns.push(rule);
			else (rule.rights === DENY ? this.#denied : this.#shared).add(rule.filter, rule.rights);
			return;
		}
		let grants = this.#users.get(rule.user);
		if (grants === undefined) {
			grants = new Grants();
			this.#users.set(rule.user, grants);
		}
		grants.add(rule.filter, rule.rights);
	}

	rightsOf(identity: Identity): Rights {
		const sources = [this.#users.get(identity.username), this.#denied];
		// A name with a wildcard in it would open others' topics if it were put into a filter: it matches no pattern.
		const isSuspect = hasWildcard(identity.clientId) || hasWildcard(identity.username ?? "");
		if (!isSuspect) sources.push(this.#shared);
		const grants = sources.filter((each): each is Grants => each !== undefined && each.size > 0);
		return new AclRights(grants, isSuspect ? [] : this.#expand(identity));
	}

	#expand(identity: Identity): readonly OwnGrant[] {
		return this.#patterns.flatMap(({ filter: pattern, rights }) => {
			const filter = substitute(pattern, identity);
			return filter === undefined ? [] : [{ filter, rights }];
		});
	}
}

/** What a pattern gives one client. A list of few: a trie for each client would take kilobytes. */
interface OwnGrant {
	readonly filter: string;
	readonly rights: number;
}

/** The pattern with the client's names in it, or undefined if it can match nothing then. */
function substitute(pattern: string, { clientId, username }: Identity): string | undefined {
	const levels: string[] = [];
	for (const level of pattern.split("/")) {
		const name = level === "%c" ? clientId : level === "%u" ? username : level;
		if (name === undefined) return undefined;
		levels.push(name);
	}
	const filter = levels.join("/");
	// The pattern was written without $, so it says nothing of $ topics, whatever a client calls itself.
	if (filter.startsWith("$") && !pattern.startsWith("$")) return undefined;
	return topicFilterFault(filter) === undefined ? filter : undefined;
}

function hasWildcard(name: string): boolean {
	return name.includes("+") || name.includes("#");
}

/** Topics whose rights a client's cache keeps: what a client reads and writes over and over. */
const CACHED_TOPICS = 64;

class AclRights implements Rights {
	readonly #sources: readonly Grants[];
	readonly #own: readonly OwnGrant[];
	readonly #cache = new Map<string, number>();

	constructor(sources: readonly Grants[], own: readonly OwnGrant[]) {
		this.#sources = sources;
		this.#own = own;
	}

	canPublish(topic: string): boolean {
		return (this.#rights(topic) & (WRITE | DENY)) === WRITE;
	}

	canRead(topic: string): boolean {
		return (this.#rights(topic) & (READ | DENY)) === READ;
	}

	canSubscribe(_filter: string): boolean {
		return true;
	}

	#rights(topic: string): number {
		const known = this.#cache.get(topic);
		if (known !== undefined) return known;
		let rights = 0;
		for (const grants of this.#sources) rights |= grants.of(topic);
		for (const { filter, rights: own } of this.#own) if (filterMatches(filter, topic)) rights |= own;
		if (this.#cache.size >= CACHED_TOPICS) this.#cache.clear();
		this.#cache.set(topic, rights);
		return rights;
	}
}
