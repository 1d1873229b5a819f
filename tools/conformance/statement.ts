/** Who a statement binds. `moot`: it is about a server that lacks something which this one has, or is no rule of conduct. */
export type Party = "server" | "client" | "both" | "moot";

/** A normative statement of a specification, in our words. */
export interface Statement {
	/** As tests name it: `[MQTT-3.3.1-5]`, `[3.1.1 MQTT-3.3.1-5]` or `[3.1 section 3.1, Keep Alive timer]`. */
	readonly tag: string;
	readonly party: Party;
	readonly text: string;
	/** Why no test can show it; only where that is so. */
	readonly reason: string | undefined;
}

/** One of the three specifications. */
export interface Specification {
	readonly title: string;
	readonly statements: readonly Statement[];
}

const PARTIES: readonly string[] = ["server", "client", "both", "moot"] satisfies Party[];

/** Reads a table of `number | party | text`, and a reason where no test is possible. `tagOf` makes the tag of a number. */
export function statements(table: string, tagOf: (number: string) => string): readonly Statement[] {
	return table
		.trim()
		.split("\n")
		.map((line) => {
			const [number = "", party = "", text = "", reason] = line.split(" | ");
			if (!isParty(party) || text === "") throw new Error(`Not a row of the form "number | party | text": ${line}`);
			return { tag: tagOf(number), party, text, reason };
		});
}

function isParty(text: string): text is Party {
	return PARTIES.includes(text);
}
