import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { VERSION } from "../../hosts/device/firmware/version.ts";
import { readBundle } from "../../hosts/simulator/index.ts";
import { Observer } from "./support/observer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";
import { type Device, Devices } from "./support/simulated.ts";

const NEW = "9.9.9";

/** The firmware itself, of another version: larger than everything that the device holds in memory at a time. */
function newFirmware(): Buffer {
	return Buffer.from(readBundle().replaceAll(`"${VERSION}"`, `"${NEW}"`));
}

describe("an update over MQTT", () => {
	const devices = new Devices();
	const image = newFirmware();
	let running: RunningHub;
	let observer: Observer;

	beforeEach(async () => {
		running = await startHub();
		observer = await Observer.start(running.port);
	});
	afterEach(async () => {
		await devices.end();
		await observer.end();
		await running.hub.close();
	});

	async function offer(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
		const sha256 = createHash("sha256").update(image).digest("hex");
		const text = JSON.stringify({ version: NEW, size: image.length, sha256, summary: "Better.", ...changes });
		await observer.client.publishAsync("motehub/dut/update", text, { qos: 1, retain: true });
	}

	async function provide(bytes: Buffer): Promise<void> {
		await observer.client.publishAsync("motehub/dut/update/image", bytes, { qos: 1, retain: true });
	}

	/** Boots the device, offers, and says "install". */
	async function install(
		changes: Readonly<Record<string, unknown>> = {},
		more: { readonly speed?: number } = {},
	): Promise<Device> {
		const device = devices.firmware(running.port, {}, more);
		await observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}"`));
		await offer(changes);
		await observer.hears("firmware", new RegExp(`"latest_version":"${NEW}","in_progress":false`));
		await observer.command("firmware", "INSTALL");
		return device;
	}

	test("is offered, streamed into flash with its progress, started, and reported", async () => {
		expect(image.length).toBeGreaterThan(100_000);
		await provide(image);
		const device = await install();
		await observer.hears("firmware", /"in_progress":true,"update_percentage":0/);
		await observer.hears("firmware", /"in_progress":true,"update_percentage":[5-9]\d/);
		await device.says(/^info: update installed \(version=9\.9\.9\)$/);
		await device.says(/^simulator: the machine restarts$/);
		await observer.hears("firmware", /"installed_version":"9\.9\.9","latest_version":"9\.9\.9","in_progress":false/);
		expect(observer.all("availability")).toEqual(["online", "offline", "online"]);
	});

	test("stays once it was online, also over a power cut", async () => {
		await provide(image);
		const device = await install();
		await observer.hears("firmware", /"installed_version":"9\.9\.9"/);
		await observer.command("restart");
		await device.says(/^simulator: the machine restarts$/, 2);
		await observer.hears("availability", /^online$/, 3);
		await observer.hears("firmware", /"installed_version":"9\.9\.9"/, 2);
	});

	test("that crashes is taken back by the bootloader, and reported", async () => {
		const broken = Buffer.from('throw new Error("broken");');
		const sha256 = createHash("sha256").update(broken).digest("hex");
		await provide(broken);
		const device = await install({ size: broken.length, sha256 });
		await device.says(/^info: update installed \(version=9\.9\.9\)$/);
		await device.says(/^simulator: the machine aborted: .*broken/);
		const report = await observer.hears("diagnostics", /update-failed/);
		expect(report.text).toContain(`version ${NEW} was not online before the next start: ${VERSION} is back`);
		await observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}","latest_version":"${NEW}"`), 3);
	});

	test("that cannot start is taken back after a while, and reported", async () => {
		const lost = Buffer.from(image.toString().replace('new Block("mqtt"', 'new Block("lost"'));
		expect(lost).not.toEqual(image);
		const sha256 = createHash("sha256").update(lost).digest("hex");
		await provide(lost);
		const device = await install({ size: lost.length, sha256 }, { speed: 200 });
		await device.says(/^error: cannot start: UsageError: config: mqtt\.broker is missing/);
		await device.says(/^simulator: the machine restarts$/, 2);
		await observer.hears("diagnostics", new RegExp(`version ${NEW} was not online .*: ${VERSION} is back`));
	});

	test("goes on after the connection is lost on the way", async () => {
		const device = await install();
		await observer.hears("firmware", /"in_progress":true/);
		await provide(image);
		await observer.hears("firmware", /"update_percentage":[1-9]/);
		device.simulated.drop();
		await device.says(/^info: update installed/);
		await observer.hears("firmware", /"installed_version":"9\.9\.9"/);
	});

	test("that may come later waits for its image", async () => {
		const device = await install();
		await observer.hears("firmware", /"in_progress":true/);
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
		const report = await observer.hears("diagnostics", /update-failed/);
		expect(report.text).toMatch(reason);
		await observer.hears("firmware", /"in_progress":false/, 3);
		await observer.command("restart");
		await device.says(/^simulator: the machine restarts$/);
		await observer.hears("availability", /^online$/, 2);
		await observer.hears("firmware", new RegExp(`"installed_version":"${VERSION}","latest_version":"${NEW}"`), 3);
	});

	test("that nobody provides is given up in the end", async () => {
		const device = devices.firmware(running.port, {}, { speed: 50 });
		await observer.hears("firmware", /./);
		await offer();
		await observer.hears("firmware", /9\.9\.9/);
		await observer.command("firmware", "INSTALL");
		await observer.hears("diagnostics", /no image came for 120 s/);
		expect(device.lines.filter((line) => line.includes("update installed"))).toEqual([]);
	});

	test("is not begun without an offer, twice, or by a retained command", async () => {
		devices.firmware(running.port);
		await observer.hears("firmware", /./);
		await observer.command("firmware", "INSTALL");
		await observer.hears("diagnostics", /no update is offered/);
		await offer();
		await observer.hears("firmware", /9\.9\.9/);
		await observer.command("firmware", "INSTALL");
		await observer.command("firmware", "INSTALL");
		await observer.hears("diagnostics", /being installed already/);
		await observer.client.publishAsync("motehub/dut/update", "soon", { qos: 1 });
		await observer.hears("diagnostics", /the offer is no JSON object/);
	});

	test("does not take more memory than a reading does", async () => {
		await provide(image);
		const device = await install();
		await observer.hears("firmware", /"update_percentage":[3-6]/);
		const during = await device.simulated.heapCount();
		await device.says(/^simulator: the machine restarts$/);
		await observer.hears("firmware", /"installed_version":"9\.9\.9"/);
		const after = await device.simulated.heapCount();
		expect(during - after).toBeLessThan(image.length / 64);
	});
});
