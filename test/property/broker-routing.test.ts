import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { QoS } from "../../src/codec/index.ts";
import { filterMatches } from "../../src/topic/index.ts";
import { BrokerHarness } from "../support/broker-harness.ts";

const level = fc.constantFrom("a", "b", "", "$s");
const topic = fc
	.array(level, { minLength: 1, maxLength: 4 })
	.map((levels) => levels.join("/"))
	.filter((name) => name !== "");
const filter = fc
	.tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 0, maxLength: 4 }), fc.boolean())
	.map(([levels, isOpen]) => [...levels, ...(isOpen ? ["#"] : [])].join("/"))
	.filter((each) => each !== "");
const qos = fc.constantFrom<QoS>(0, 1, 2);

type Step =
	| { readonly what: "subscribe"; readonly who: number; readonly filter: string; readonly qos: QoS }
	| { readonly what: "unsubscribe"; readonly who: number; readonly pick: number }
	| {
			readonly what: "publish";
			readonly topic: string;
			readonly qos: QoS;
			readonly retain: boolean;
			readonly isEmpty: boolean;
	  };

const steps: fc.Arbitrary<Step[]> = fc.array(
	fc.oneof(
		fc.record({ what: fc.constant("subscribe"), who: fc.nat(2), filter, qos } as const),
		fc.record({ what: fc.constant("unsubscribe"), who: fc.nat(2), pick: fc.nat(9) } as const),
		fc.record({ what: fc.constant("publish"), topic, qos, retain: fc.boolean(), isEmpty: fc.boolean() } as const),
	),
	{ maxLength: 40 },
);

/** What must come, by looking at every subscription and every retained message. */
class Model {
	readonly subscriptions = [0, 1, 2].map(() => new Map<string, QoS>());
	readonly retained = new Map<string, { payload: string; qos: QoS }>();

	/** The QoS at which this client gets the topic, or undefined. */
	granted(who: number, name: string): QoS | undefined {
		const matching = [...(this.subscriptions[who] ?? [])].filter(([each]) => filterMatches(each, name));
		return matching.length === 0 ? undefined : (Math.max(...matching.map(([, each]) => each)) as QoS);
	}
}

describe("routing", () => {
	test("delivers what looking at every subscription and every retained message says, and nothing else", () => {
		fc.assert(
			fc.property(steps, (script) => {
				const hub = new BrokerHarness({ limits: { routeCache: 5 } });
				const model = new Model();
				const clients = [0, 1, 2].map((who) => hub.connect({ clientId: `${who}` }));
				for (const client of clients) client.acknowledges = true;
				const publisher = hub.connect({ clientId: "pub" });
				publisher.acknowledges = true;
				for (const [index, step] of script.entries()) {
					const expected = clients.map(() => [] as string[]);
					if (step.what === "publish") {
						const payload = step.isEmpty ? "" : `${index}`;
						for (const [who, list] of expected.entries()) {
							const granted = model.granted(who, step.topic);
							if (granted !== undefined) list.push(`${step.topic} ${payload} ${Math.min(granted, step.qos)} live`);
						}
						if (step.retain && payload === "") model.retained.delete(step.topic);
						else if (step.retain) model.retained.set(step.topic, { payload, qos: step.qos });
						publisher.publish(step.topic, payload, step);
					} else {
						const subscriptions = model.subscriptions[step.who] ?? new Map<string, QoS>();
						const client = clients[step.who];
						if (step.what === "subscribe") {
							subscriptions.set(step.filter, step.qos);
							for (const [name, { payload, qos: published }] of model.retained) {
								if (!filterMatches(step.filter, name)) continue;
								expected[step.who]?.push(`${name} ${payload} ${Math.min(published, step.qos)} retained`);
							}
							client?.subscribe(step.filter, step.qos);
						} else {
							const chosen = [...subscriptions.keys()][step.pick] ?? "none";
							subscriptions.delete(chosen);
							client?.unsubscribe(chosen);
						}
					}
					for (const [who, client] of clients.entries()) {
						const got = client
							.messages()
							.map((m) => `${m.topic} ${m.payload} ${m.qos} ${m.retain ? "retained" : "live"}`);
						expect(got.sort()).toEqual(expected[who]?.sort());
					}
				}
				expect(hub.core.stats.retainedMessages).toBe(model.retained.size);
				expect(hub.core.stats.subscriptions).toBe(model.subscriptions.reduce((sum, { size }) => sum + size, 0));
			}),
			{ numRuns: 60 },
		);
	});
});
