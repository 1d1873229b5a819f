import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { AclTable, parseMosquittoAcl, TopicCheckTable } from "../../src/access/index.ts";
import { filterMatches } from "../../src/topic/index.ts";

const level = fc.constantFrom("a", "b", "ab", "", "$x");
const name = fc
	.array(level, { minLength: 1, maxLength: 4 })
	.map((levels) => levels.join("/"))
	.filter((text) => text !== "");
const filter = fc
	.tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 3 }), fc.constantFrom(["#"], ["a"], ["+"]))
	.map(([levels, last]) => [...levels, ...last].join("/"));
const access = fc.constantFrom("read", "write", "readwrite", "deny");

test("a subscription that topic-check grants reaches no topic beyond the allowed filters", () => {
	fc.assert(
		fc.property(fc.array(filter, { maxLength: 3 }), filter, name, (allowed, asked, topic) => {
			const table = new TopicCheckTable({ subscribe: new Map([["u", allowed]]), publish: undefined, taboo: false });
			const rights = table.rightsOf({ clientId: "c", username: "u" });
			const granted = rights.canSubscribe(asked);
			if (granted && filterMatches(asked, topic)) expect(rights.canRead(topic)).toBe(true);
			if (allowed.includes(asked)) expect(granted).toBe(true);
		}),
		{ numRuns: 3000 },
	);
});

test("an ACL's answer is that of its lines taken one by one, in any order", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(access, filter), { maxLength: 6 }), name, (lines, topic) => {
			const matching = lines.filter(([, pattern]) => filterMatches(pattern, topic)).map(([right]) => right);
			const denied = matching.includes("deny");
			const { rules } = parseMosquittoAcl(lines.map((line) => `topic ${line.join(" ")}`).join("\n"));
			const rights = new AclTable(rules).rightsOf({ clientId: "c", username: undefined });
			const both = matching.includes("readwrite");
			expect(rights.canRead(topic)).toBe(!denied && (both || matching.includes("read")));
			expect(rights.canPublish(topic)).toBe(!denied && (both || matching.includes("write")));
		}),
		{ numRuns: 3000 },
	);
});

const placeholder = fc.constantFrom("%c", "%u");
const pattern = fc
	.tuple(
		fc.array(fc.oneof(level, placeholder, fc.constant("+")), { maxLength: 2 }),
		placeholder,
		fc.array(fc.oneof(level, placeholder, fc.constant("+")), { maxLength: 2 }),
		fc.constantFrom([], ["#"]),
	)
	.map(([before, one, after, last]) => [...before, one, ...after, ...last].join("/"));

/** The pattern as a filter of this client. Undefined: it can match nothing. */
function filled(text: string, clientId: string, username: string | undefined): string | undefined {
	const levels = text.split("/").map((each) => (each === "%c" ? clientId : each === "%u" ? username : each));
	const written = levels.join("/");
	if (levels.includes(undefined) || written === "") return undefined;
	return written.startsWith("$") && !text.startsWith("$") ? undefined : written;
}

test("patterns give what they would with the client's names put into them", () => {
	const user = fc.option(fc.oneof(name, fc.constant("")), { nil: undefined });
	fc.assert(
		fc.property(
			fc.array(fc.tuple(access, pattern), { maxLength: 6 }),
			name,
			user,
			name,
			(lines, clientId, username, topic) => {
				const { rules } = parseMosquittoAcl(lines.map((line) => `pattern ${line.join(" ")}`).join("\n"));
				const rights = new AclTable(rules).rightsOf({ clientId, username });
				const matching = lines.flatMap(([right, text]) => {
					const own = filled(text, clientId, username);
					return own !== undefined && filterMatches(own, topic) ? [right] : [];
				});
				const both = matching.includes("readwrite");
				expect(rights.canRead(topic)).toBe(!matching.includes("deny") && (both || matching.includes("read")));
				expect(rights.canPublish(topic)).toBe(!matching.includes("deny") && (both || matching.includes("write")));
			},
		),
		{ numRuns: 3000 },
	);
});

test("whatever a client calls itself, a pattern opens nothing but its own branch", () => {
	const { rules } = parseMosquittoAcl("pattern readwrite own/%c/%u/#\n");
	const hostile = fc.string({
		unit: fc.constantFrom("a", "b", "+", "#", "/", "$", "%c", "%u", "\u0000"),
		maxLength: 5,
	});
	fc.assert(
		fc.property(hostile, hostile, name, (clientId, username, rest) => {
			const rights = new AclTable(rules).rightsOf({ clientId, username });
			const topic = `own/${rest}`;
			const own = `own/${clientId}/${username}`;
			if (rights.canRead(topic)) expect(topic === own || topic.startsWith(`${own}/`)).toBe(true);
		}),
		{ numRuns: 3000 },
	);
});
