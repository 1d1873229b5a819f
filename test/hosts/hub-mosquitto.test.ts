import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Command, isInstalled } from "./support/command.ts";
import { VERSIONS } from "./support/mqtt-js.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

const LEVELS = { "3.1": "mqttv31", "3.1.1": "mqttv311", "5": "mqttv5" } as const;
const installed = isInstalled("mosquitto_pub") && isInstalled("mosquitto_sub") && isInstalled("mosquitto_rr");
const name = installed ? "Mosquitto's clients" : "Mosquitto's clients (skipped: mosquitto_pub is not installed)";

(installed ? describe : describe.skip)(name, () => {
	let running: RunningHub;
	const commands: Command[] = [];

	beforeAll(async () => {
		running = await startHub({ users: { homeassistant: "secret" } });
	});
	afterEach(() => Promise.all(commands.splice(0).map((command) => command.dispose())));
	afterAll(() => running.hub.close());

	function client(program: string, version: (typeof VERSIONS)[number], ...args: readonly string[]): Command {
		const common = ["-h", "127.0.0.1", "-p", String(running.port), "-u", "homeassistant", "-V", LEVELS[version]];
		const command = new Command(program, [...common, ...args]);
		commands.push(command);
		return command;
	}

	describe.each(VERSIONS)("MQTT %s", (version) => {
		test.each(["0", "1", "2"])("publishes and subscribes at QoS %s", async (qos) => {
			const topic = `mosquitto/${version}/${qos}`;
			const retained = client("mosquitto_pub", version, "-P", "secret", "-q", qos, "-r", "-t", topic, "-m", "kept");
			expect(await retained.exitCode()).toBe(0);
			const subscriber = client("mosquitto_sub", version, "-P", "secret", "-q", qos, "-t", topic, "-F", "%r %q %p");
			await subscriber.prints(/^1 \d kept$/m); // the retained message: the subscription stands
			const live = client("mosquitto_pub", version, "-P", "secret", "-q", qos, "-t", topic, "-m", "live");
			expect(await live.exitCode()).toBe(0);
			const [line] = await subscriber.prints(/^0 \d live$/m);
			expect(line).toBe(`0 ${qos} live`);
		});

		test("a wrong password is refused", async () => {
			const refused = client("mosquitto_pub", version, "-P", "wrong", "-t", "a", "-m", "b");
			expect(await refused.exitCode()).not.toBe(0);
			expect(refused.stderr).toMatch(/not authori[sz]ed|bad user name or password/i);
		});
	});

	test("mosquitto_rr gets its answer by response topic and correlation data", async () => {
		const answerer = await startAnswerer(running);
		const request = client(
			"mosquitto_rr",
			"5",
			"-P",
			"secret",
			"-t",
			"ask",
			"-e",
			"answer/rr",
			"-m",
			"ping",
			"-W",
			"10",
		);
		expect(await request.exitCode()).toBe(0);
		expect(request.stdout.trim()).toBe("pong");
		await answerer();
	});
});

/** Answers each request on `ask` where it wants its answer. Resolves with what ends it. */
async function startAnswerer({ port }: RunningHub): Promise<() => Promise<void>> {
	const { connectAsync } = await import("mqtt");
	const options = { protocolVersion: 5, reconnectPeriod: 0, username: "homeassistant", password: "secret" } as const;
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options);
	client.on("message", (_topic, _payload, { properties }) => {
		const { responseTopic, correlationData } = properties ?? {};
		if (responseTopic === undefined) return;
		client.publish(responseTopic, "pong", correlationData === undefined ? {} : { properties: { correlationData } });
	});
	await client.subscribeAsync("ask", { qos: 1 });
	return () => client.endAsync();
}
