import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createHub, type Hub } from "../../hosts/hub/index.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command, isInstalled } from "./support/command.ts";
import { VERSIONS, type Version } from "./support/mqtt-js.ts";
import { isPahoInstalled, type PahoClient, PahoClients, type PahoConnect } from "./support/paho-clients.ts";

const USER = { username: "homeassistant", password: "correct horse" } as const;
const ENTRANCES = ["tcp", "tls", "ws", "wss"] as const;
type Entrance = (typeof ENTRANCES)[number];
const CASES = ENTRANCES.flatMap((entrance) => VERSIONS.map((version) => ({ entrance, version })));

let authority: TestAuthority;
let hub: Hub;

beforeAll(async () => {
	authority = await TestAuthority.make();
	const tls = { certificate: await authority.issueFile("server.pem", "CN=hub") };
	hub = await createHub({
		users: { [USER.username]: USER.password },
		listeners: {
			tcp: { type: "tcp", port: 0 },
			tls: { type: "tls", port: 0, tls },
			ws: { type: "ws", port: 0 },
			wss: { type: "wss", port: 0, tls },
		},
	});
});
afterAll(async () => {
	await hub.close();
	authority.remove();
});

function portOf(entrance: Entrance): number {
	return hub.addresses.find(({ listener }) => listener === entrance)?.port ?? 0;
}

const hasPython = isPahoInstalled();
const python = hasPython ? "Paho Python" : "Paho Python (skipped: Debian's python3-paho-mqtt is not installed)";

(hasPython ? describe : describe.skip)(python, () => {
	let clients: PahoClients;

	beforeAll(() => {
		clients = new PahoClients();
	});
	afterAll(() => clients.end());

	describe.each(CASES)("over $entrance, MQTT $version", ({ entrance, version }) => {
		const opened: PahoClient[] = [];
		const topic = `paho/${entrance}/${version}`;

		afterEach(() => Promise.all(opened.splice(0).map((client) => client.disconnect())));

		async function connect(options: Partial<PahoConnect> = {}): Promise<PahoClient> {
			const isTls = entrance === "tls" || entrance === "wss";
			const client = await clients.connect({
				version,
				transport: entrance === "tcp" || entrance === "tls" ? "tcp" : "websockets",
				host: "127.0.0.1",
				port: portOf(entrance),
				...(isTls ? { ca: authority.ca } : {}),
				...USER,
				// MQTT 3.1 has no client id of the server's choice.
				client_id: `paho-${entrance}-${version}-${opened.length}`,
				...options,
			});
			return client;
		}

		async function join(options?: Partial<PahoConnect>): Promise<PahoClient> {
			const client = await connect(options);
			expect(client.code).toBe(0);
			opened.push(client);
			return client;
		}

		test("a wrong password is refused with the version's code", async () => {
			const { code } = await connect({ password: "wrong" });
			expect(code).toBe(version === "5" ? 0x86 : 4);
		});

		test.each([0, 1, 2])("a message at QoS %i makes the round trip", async (qos) => {
			const subscriber = await join();
			const publisher = await join();
			expect(await subscriber.subscribe(`${topic}/+`, qos)).toEqual([qos]);
			await publisher.publish({ topic: `${topic}/trip`, payload: "21.5 °C", qos });
			const received = { topic: `${topic}/trip`, payload: "21.5 °C", qos, retain: false };
			expect(await subscriber.message()).toMatchObject(received);
			// That there was one copy shows when the next message is the next one published.
			await publisher.publish({ topic: `${topic}/end`, payload: "", qos });
			expect(await subscriber.message()).toMatchObject({ topic: `${topic}/end`, payload: "", qos });
		});

		test("a retained message reaches who subscribes later", async () => {
			const publisher = await join();
			await publisher.publish({ topic: `${topic}/kept`, payload: "on", qos: 1, retain: true });
			const subscriber = await join();
			await subscriber.subscribe(`${topic}/kept`, 2);
			expect(await subscriber.message()).toMatchObject({ payload: "on", qos: 1, retain: true });
		});

		test("a will is published when the connection is cut", async () => {
			const watcher = await join();
			await watcher.subscribe(`${topic}/will`, 2);
			const will = { topic: `${topic}/will`, payload: "offline", qos: 2, retain: false };
			const lost = await connect({ will, client_id: "paho-lost" });
			await lost.cut();
			expect(await watcher.message()).toMatchObject({ payload: "offline", qos: 2, retain: false });
		});

		test("a session keeps its subscription and its messages over a reconnect", async () => {
			const client_id = `paho-lasting-${entrance}-${version}`;
			const lasting = {
				client_id,
				clean: false,
				...(version === "5" && { properties: { SessionExpiryInterval: 60 } }),
			};
			const before = await connect(lasting);
			await before.subscribe(`${topic}/away`, 2);
			await before.disconnect();
			const publisher = await join();
			await publisher.publish({ topic: `${topic}/away`, payload: "1", qos: 1 });
			await publisher.publish({ topic: `${topic}/away`, payload: "2", qos: 2 });
			const after = await join(lasting);
			// CONNACK of MQTT 3.1 has no such flag.
			if (version !== "3.1") expect(after.sessionPresent).toBe(true);
			expect([(await after.message()).payload, (await after.message()).payload]).toEqual(["1", "2"]);
		});

		if (version === "5") {
			test("properties arrive as they were sent, and the hub tells its own", async () => {
				const subscriber = await join({ client_id: "" });
				expect(subscriber.properties).toMatchObject({ AssignedClientIdentifier: expect.stringMatching(/./) });
				expect(await subscriber.subscribe(topic, 1, { SubscriptionIdentifier: 7 })).toEqual([1]);
				const given = {
					PayloadFormatIndicator: 1,
					ContentType: "text/plain",
					ResponseTopic: "answers",
					UserProperty: [
						["a", "1"],
						["a", "2"],
					],
				};
				const publisher = await join();
				const properties = { ...given, CorrelationData: "id", MessageExpiryInterval: 60 };
				await publisher.publish({ topic, payload: "ask", qos: 1, properties });
				const { properties: received } = await subscriber.message();
				expect(received).toMatchObject({ ...given, CorrelationData: "6964", SubscriptionIdentifier: [7] });
				expect(received.MessageExpiryInterval).toBeLessThanOrEqual(60);
			});
		}
	});
});

const hasC = isInstalled("paho_c_pub") && isInstalled("paho_c_sub") && isInstalled("paho_cs_pub");
const c = hasC ? "Paho C" : "Paho C (skipped: Debian's paho.mqtt.c-examples is not installed)";

(hasC ? describe : describe.skip)(c, () => {
	const LEVELS: Readonly<Record<Version, string>> = { "3.1": "31", "3.1.1": "311", "5": "5" };
	const SCHEMES = { tcp: "tcp", tls: "ssl", ws: "ws", wss: "wss" } as const;
	const commands: Command[] = [];
	let user: readonly string[];

	beforeEach(() => {
		user = ["-u", USER.username, "-P", USER.password, "--cafile", authority.ca];
	});
	afterEach(() => Promise.all(commands.splice(0).map((command) => command.dispose())));

	function client(program: string, entrance: Entrance, version: Version, ...args: readonly string[]): Command {
		const where = ["-c", `${SCHEMES[entrance]}://localhost:${portOf(entrance)}`, "-V", LEVELS[version]];
		const command = new Command(program, [...where, ...user, ...args]);
		commands.push(command);
		return command;
	}

	test.each(CASES)("its sample programs over $entrance, MQTT $version", async ({ entrance, version }) => {
		const topic = `c/${entrance}/${version}`;
		const publish = (program: string, qos: string, text: string) =>
			client(program, entrance, version, "-t", topic, "-q", qos, "-i", "c-pub", "-r", "-m", text).exitCode();
		// The asynchronous and the synchronous library; what is retained is there whenever the subscriber comes.
		expect(await publish("paho_c_pub", "2", "asynchronous")).toBe(0);
		const subscriber = client("paho_c_sub", entrance, version, "-t", topic, "-q", "2", "-i", "c-sub");
		await subscriber.prints(/^asynchronous$/m);
		expect(await publish("paho_cs_pub", "1", "synchronous")).toBe(0);
		await subscriber.prints(/^synchronous$/m);
	});
});
