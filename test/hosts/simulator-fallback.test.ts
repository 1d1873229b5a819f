import { afterEach, describe, expect, test } from "@jest/globals";
import { Flash } from "../../hosts/simulator/index.ts";
import { publishFrame } from "./support/packets.ts";
import { REACTIONS, type Reaction, ScriptedBroker } from "./support/scripted-broker.ts";
import { type Device, Devices } from "./support/simulated.ts";

/** The device's clock runs this many times as fast: timeouts of 10 s and backoffs of minutes pass in a moment, half a second. */
const SPEED = 20;

/** Accepts this protocol level, and does something else to higher ones. */
function knowsLevel(level: number, toOthers: Reaction): Reaction {
	return (socket, connect) => (connect.protocolVersion === level ? REACTIONS.accepts : toOthers)(socket, connect);
}

describe("the firmware's protocol fallback", () => {
	const devices = new Devices();
	let broker: ScriptedBroker;

	afterEach(async () => {
		await devices.end();
		await broker.close();
	});

	async function meets(reaction: Reaction, mqtt: Readonly<Record<string, unknown>> = {}): Promise<Device> {
		broker = await ScriptedBroker.start(reaction);
		return devices.firmware(broker.port, mqtt, { speed: SPEED });
	}

	describe.each([
		["answers CONNACK code 1 and closes", REACTIONS.answersCode1],
		["closes without an answer", REACTIONS.closes],
		["resets the connection without an answer", REACTIONS.resets],
	])("to a broker that %s", (_how, refusal) => {
		test("goes from 3.1.1 to 3.1", async () => {
			const device = await meets(knowsLevel(3, refusal));
			await device.says(/^info: online .*protocol=3\.1,/);
			expect(broker.versions).toEqual(["MQTT 4", "MQIsdp 3"]);
		});

		test("goes from 5 to 3.1.1", async () => {
			const device = await meets(knowsLevel(4, refusal), { protocol: "5" });
			await device.says(/^info: online .*protocol=3\.1\.1,/);
			expect(broker.versions).toEqual(["MQTT 5", "MQTT 4"]);
		});

		test("goes from 5 down to 3.1, each version once", async () => {
			const device = await meets(knowsLevel(3, refusal), { protocol: "5" });
			await device.says(/^info: online .*protocol=3\.1,/);
			expect(broker.versions).toEqual(["MQTT 5", "MQTT 4", "MQIsdp 3"]);
		});

		test("begins again at the top when the last version is refused too: it was something else", async () => {
			await meets(refusal);
			await broker.hasConnects(4);
			expect(broker.versions.slice(0, 4)).toEqual(["MQTT 4", "MQIsdp 3", "MQTT 4", "MQIsdp 3"]);
		});
	});

	test("is remembered over a restart, and over a power cut", async () => {
		const flash = new Flash();
		broker = await ScriptedBroker.start(knowsLevel(3, REACTIONS.closes));
		const device = devices.firmware(broker.port, {}, { speed: SPEED, flash });
		await device.says(/^info: online/);
		broker.connects.length = 0;
		broker.send(publishFrame("motehub/dut/command/restart", new Uint8Array(0), 3));
		await device.says(/^info: online/, 2);
		expect(broker.versions).toEqual(["MQIsdp 3"]);
		await device.simulated.kill();
		await devices.firmware(broker.port, {}, { speed: SPEED, flash }).says(/^info: online/);
		expect(broker.versions).toEqual(["MQIsdp 3", "MQIsdp 3"]);
	});

	test("sends a client id of at most 23 characters at level 3, the same each time", async () => {
		const device = await meets(knowsLevel(3, REACTIONS.closes), { client_id: "a-device-with-a-rather-long-name" });
		await device.says(/^info: online/);
		device.simulated.drop();
		await device.says(/^info: online/, 2);
		const [first, second, third] = broker.connects;
		expect(first?.clientId).toBe("a-device-with-a-rather-long-name");
		expect(second?.clientId.length).toBeLessThanOrEqual(23);
		expect(third?.clientId).toBe(second?.clientId);
	});

	test("does not take silence for a refusal: after the timeout, the same version again", async () => {
		const device = await meets(REACTIONS.staysSilent);
		await broker.hasConnects(3);
		expect(broker.versions.slice(0, 3)).toEqual(["MQTT 4", "MQTT 4", "MQTT 4"]);
		expect(await device.says(/^info: offline/)).toMatch(/phase=connect/);
	});

	test("does not take wrong credentials for a refusal of the version", async () => {
		const device = await meets(REACTIONS.refusesPassword, { username: "u", password: "wrong" });
		await broker.hasConnects(2);
		expect(broker.versions.slice(0, 2)).toEqual(["MQTT 4", "MQTT 4"]);
		expect(await device.says(/^info: offline/)).toMatch(/phase=connect.*code=4/);
	});

	test("does not take a refused connection, or a name that does not exist, for anything about the version", async () => {
		broker = await ScriptedBroker.start(REACTIONS.accepts);
		const gone = await ScriptedBroker.start(REACTIONS.accepts);
		const { port } = gone;
		await gone.close();
		const refused = devices.firmware(port, {}, { speed: SPEED });
		const nameless = devices.firmware(broker.port, { broker: "no-such-host.invalid" }, { speed: SPEED });
		expect(await refused.says(/^info: offline/, 3)).toMatch(/phase=tcp, protocol=3\.1\.1/);
		expect(await nameless.says(/^info: offline/, 3)).toMatch(/phase=dns, protocol=3\.1\.1/);
		expect(broker.connects).toEqual([]);
	});
});
