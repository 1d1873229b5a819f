import { DENY, Grants, READ, WRITE } from "./grants.ts";
import type { AclRule } from "./mosquitto-acl.ts";
import { PatternTrie } from "./pattern-trie.ts";
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
	/** Patterns with %c and %u. */
	readonly #patterns = new PatternTrie();

	constructor(rules: readonly AclRule[]) {
		for (const rule of rules) this.#add(rule);
	}

	#add(rule: AclRule): void {
		if (rule.pattern) {
			const levels = rule.filter.split("/");
			if (levels.includes("%c") || levels.includes("%u")) this.#patterns.add(rule.filter, rule.rights);
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
		// A name with a wildcard in it would open others' topics where names are put into filters: no pattern allows it anything.
		const isSuspect = hasWildcard(identity.clientId) || hasWildcard(identity.username ?? "");
		if (!isSuspect) sources.push(this.#shared);
		const grants = sources.filter((each): each is Grants => each !== undefined && each.size > 0);
		return new AclRights(grants, { patterns: this.#patterns, mask: isSuspect ? DENY : READ | WRITE | DENY }, identity);
	}
}

function hasWildcard(name: string): boolean {
	return name.includes("+") || name.includes("#");
}

/** Topics whose rights a client's cache keeps: what a client reads and writes over and over. */
const CACHED_TOPICS = 64;

/** What patterns say, as far as it counts for one client. */
interface PatternRights {
	readonly patterns: PatternTrie;
	readonly mask: number;
}

class AclRights implements Rights {
	readonly #sources: readonly Grants[];
	readonly #patterns: PatternTrie;
	readonly #mask: number;
	readonly #clientId: string;
	readonly #username: string | undefined;
	readonly #cache = new Map<string, number>();

	constructor(sources: readonly Grants[], { patterns, mask }: PatternRights, { clientId, username }: Identity) {
		this.#sources = sources;
		this.#patterns = patterns;
		this.#mask = mask;
		this.#clientId = clientId;
		this.#username = username;
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
		let rights = this.#patterns.of(topic, this.#clientId, this.#username) & this.#mask;
		for (const grants of this.#sources) rights |= grants.of(topic);
		if (this.#cache.size >= CACHED_TOPICS) this.#cache.clear();
		this.#cache.set(topic, rights);
		return rights;
	}
}
