import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { VERSION } from "../../hosts/device/firmware/version.ts";
import { BUILT, WRITES_AT_START } from "../../hosts/device/index.ts";
import { readBundle } from "../../hosts/simulator/index.ts";
import { Household } from "./support/household.ts";
import type { Device } from "./support/simulated.ts";

const NEW = "9.9.9";

/** The firmware itself, of another version: larger than everything that the device holds in memory at a time. */
function newFirmware(): Buffer {
	return Buffer.from(readBundle().replaceAll(`"${VERSION}"`, `"${NEW}"`));
}

describe("an update over MQTT", () => {
	const home = new Household();
	const image = newFirmware();

	async function offer(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
		const sha256 = createHash("sha256").update(image).digest("hex");
		const text = JSON.stringify({ version: NEW, size: image.length, sha256, summary: "Better.", ...changes });
		await home.observer.client.publishAsync("motehub/dut/update", text, { qos: 1, retain: true });
	}

	async function provide(bytes: Buffer): Promise<void> {
		await home.observer.client.publishAsync("motehub/dut/update/image", bytes, { qos: 1, retain: true });
	}

	/** Boots the device, offers, and says "install". */
	async function install(
		changes: Readonly<Record<string, unknown>> = {},
		more: { readonly speed?: number } = {},
	): Promise<Device> {
		const device = home.devices.firmware(home.port, {}, more);
		await home.observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}"`));
		await offer(changes);
		await home.observer.hears("firmware", new RegExp(`"latest_version":"${NEW}","in_progress":false`));
		await home.observer.command("firmware", "INSTALL");
		return device;
	}

	/**
	 * The new firmware has announced itself. A retained offer may come before that, and with it the firmware's state:
	 * MQTT orders what is on one topic.
	 */
	async function restarted(): Promise<void> {
		await home.observer.hears("availability", /^online$/, 2);
	}

	test("is offered, streamed into flash with its progress, started, and reported", async () => {
		expect(image.length).toBeGreaterThan(100_000);
		await provide(image);
		const device = await install();
		await home.observer.hears("firmware", /"in_progress":true,"update_percentage":0/);
		await home.observer.hears("firmware", /"in_progress":true,"update_percentage":[5-9]\d/);
		await device.says(/^info: update installed \(version=9\.9\.9\)$/);
		await device.says(/^simulator: the machine restarts$/);
		await home.observer.hears(
			"firmware",
			/"installed_version":"9\.9\.9","latest_version":"9\.9\.9","in_progress":false/,
		);
		await restarted();
		expect(home.observer.all("availability")).toEqual(["online", "offline", "online"]);
	});

	test("stays once it was online, also over a power cut", async () => {
		await provide(image);
		const device = await install();
		await home.observer.hears("firmware", /"installed_version":"9\.9\.9"/);
		await restarted();
		await home.observer.command("restart");
		await device.says(/^simulator: the machine restarts$/, 2);
		await home.observer.hears("availability", /^online$/, 3);
		await home.observer.hears("firmware", /"installed_version":"9\.9\.9"/, 2);
	});

	test("that crashes is taken back by the bootloader, and reported", async () => {
		const broken = Buffer.from('throw new Error("broken");');
		const sha256 = createHash("sha256").update(broken).digest("hex");
		await provide(broken);
		const device = await install({ size: broken.length, sha256 });
		await device.says(/^info: update installed \(version=9\.9\.9\)$/);
		await device.says(/^simulator: the machine aborted: .*broken/);
		const report = await home.observer.hears("diagnostics", /update-failed/);
		expect(report.text).toContain(`version ${NEW} was not online before the next start: ${VERSION} is back`);
		await home.observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}","latest_version":"${NEW}"`), 3);
	});

	test("is on trial also when the budget of writes to flash is used up", async () => {
		const broken = Buffer.from('throw new Error("broken");');
		const sha256 = createHash("sha256").update(broken).digest("hex");
		await provide(broken);
		home.devices.firmware(home.port);
		await home.observer.hears("firmware", /./);
		for (let seconds = 100; seconds < 101 + WRITES_AT_START; seconds++)
			await home.observer.command("interval", String(seconds));
		await home.observer.hears("diagnostics", /no write to flash is free/);
		await offer({ size: broken.length, sha256 });
		await home.observer.hears("firmware", /9\.9\.9/);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /version 9\.9\.9 was not online before the next start/);
	});

	test("that cannot start is taken back after a while, and reported", async () => {
		const lost = Buffer.from(image.toString().replace('new Block("mqtt"', 'new Block("lost"'));
		expect(lost).not.toEqual(image);
		const sha256 = createHash("sha256").update(lost).digest("hex");
		await provide(lost);
		const device = await install({ size: lost.length, sha256 }, { speed: 200 });
		await device.says(/^error: cannot start: UsageError: config: mqtt\.broker is missing/);
		await device.says(/^simulator: the machine restarts$/, 2);
		await home.observer.hears("diagnostics", new RegExp(`version ${NEW} was not online .*: ${VERSION} is back`));
	});

	test("goes on after the connection is lost on the way", async () => {
		const device = await install();
		await home.observer.hears("firmware", /"in_progress":true/);
		await provide(image);
		await home.observer.hears("firmware", /"update_percentage":[1-9]/);
		device.simulated.drop();
		await device.says(/^info: update installed/);
		await home.observer.hears("firmware", /"installed_version":"9\.9\.9"/);
	});

	test("that may come later waits for its image", async () => {
		const device = await install();
		await home.observer.hears("firmware", /"in_progress":true/);
		await provide(image);
		await device.says(/^info: update installed/);
	});

	test.each<[string, Readonly<Record<string, unknown>>, () => Buffer, RegExp]>([
		["whose bytes are others", {}, () => Buffer.concat([image.subarray(1), Buffer.of(0)]), /SHA-256/],
		["whose length is another", {}, () => image.subarray(1), /bytes, and \d+ were offered/],
		["that is larger than the partition", { size: 2_000_000 }, () => Buffer.alloc(2_000_000), /cannot be opened/],
		["that is short, and wrong", { size: 3 }, () => Buffer.from("abc"), /SHA-256/],
	])("%s changes nothing, and says why", async (_what, changes, bytes, reason) => {
		await provide(bytes());
		const device = await install(changes);
		const report = await home.observer.hears("diagnostics", /update-failed/);
		expect(report.text).toMatch(reason);
		await home.observer.hears("firmware", /"in_progress":false/, 3);
		await home.observer.command("restart");
		await device.says(/^simulator: the machine restarts$/);
		await home.observer.hears("availability", /^online$/, 2);
		await home.observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}","latest_version":"${NEW}"`), 3);
	});

	test("that nobody provides is given up in the end", async () => {
		const device = home.devices.firmware(home.port, {}, { speed: 50 });
		await home.observer.hears("firmware", /./);
		await offer();
		await home.observer.hears("firmware", /9\.9\.9/);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /no image came for 120 s/);
		expect(device.lines.filter((line) => line.includes("update installed"))).toEqual([]);
	});

	test("is not begun without an offer, twice, or by a retained command", async () => {
		home.devices.firmware(home.port);
		await home.observer.hears("firmware", /./);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /no update is offered/);
		await offer();
		await home.observer.hears("firmware", /9\.9\.9/);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /being installed already/);
		await home.observer.client.publishAsync("motehub/dut/update", "soon", { qos: 1 });
		await home.observer.hears("diagnostics", /the offer is no JSON object/);
	});

	test("is not offered by what is nested so deep that its parser would use up the stack", async () => {
		home.devices.firmware(home.port);
		await home.observer.hears("firmware", /./);
		await home.observer.client.publishAsync("motehub/dut/update", "[".repeat(4_000), { qos: 1, retain: true });
		await home.observer.hears("diagnostics", /the offer is no JSON object/);
		await home.observer.command("interval", "7");
		await home.observer.hears("interval", /^7$/);
	});

	test("does not take more memory than a reading does", async () => {
		await provide(image);
		const device = await install();
		await home.observer.hears("firmware", /"update_percentage":[3-6]/);
		const during = await device.simulated.heapCount();
		await device.says(/^simulator: the machine restarts$/);
		await home.observer.hears("firmware", /"installed_version":"9\.9\.9"/);
		const after = await device.simulated.heapCount();
		expect(during - after).toBeLessThan(image.length / 64);
	});
});

describe("an update that must be signed", () => {
	const home = new Household();
	const image = newFirmware();
	const sha256 = createHash("sha256").update(image).digest("hex");
	/** The simulated firmware counts as built when it starts. */
	const NEWER = BUILT + 3_600;
	/** As `apps/signed-updates.ts` has it. */
	const sign = (version: string, built = NEWER): string =>
		Buffer.from(`motehub-update\n${version}\n${image.length}\n${sha256}\n${built}\n`)
			.subarray(-72)
			.reverse()
			.toString("hex");

	async function offer(changes: Readonly<Record<string, unknown>>): Promise<void> {
		const text = JSON.stringify({ version: NEW, size: image.length, sha256, built: NEWER, ...changes });
		await home.observer.client.publishAsync("motehub/dut/update", text, { qos: 1, retain: true });
	}

	test("is installed with its signature, and not offered without or with a wrong one, or if it is older", async () => {
		const mqtt = { broker: "127.0.0.1", port: home.port, client_id: "dut" };
		const device = await home.devices.app("signed-updates", { mqtt, firmware: { interval: 1 }, ssid: "simulated" });
		await home.observer.hears("firmware", /"installed_version"/);
		await home.observer.client.publishAsync("motehub/dut/update/image", image, { qos: 1, retain: true });
		await offer({});
		await home.observer.hears("diagnostics", /the offer has no signature/);
		await offer({ signature: sign(NEW).replace(/^../, "00") });
		await home.observer.hears("diagnostics", /not one by the key/);
		await offer({ built: BUILT - 1, signature: sign(NEW, BUILT - 1) });
		await home.observer.hears("diagnostics", /is not newer than this one/);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /no update is offered/);
		expect(home.observer.all("firmware").filter((state) => state.includes(NEW))).toEqual([]);
		await offer({ signature: sign(NEW) });
		await home.observer.hears("firmware", new RegExp(`"latest_version":"${NEW}"`));
		await home.observer.command("firmware", "INSTALL");
		await device.says(/^info: update installed \(version=9\.9\.9\)$/);
	});

	test("is withdrawn, also right after it was offered", async () => {
		const mqtt = { broker: "127.0.0.1", port: home.port, client_id: "dut" };
		await home.devices.app("signed-updates", { mqtt, firmware: { interval: 1 }, ssid: "simulated" });
		await home.observer.hears("firmware", /"installed_version"/);
		await Promise.all([
			offer({ signature: sign(NEW) }),
			home.observer.client.publishAsync("motehub/dut/update", "", { qos: 1, retain: true }),
		]);
		await home.observer.command("firmware", "INSTALL");
		await home.observer.hears("diagnostics", /no update is offered/);
	});
});
