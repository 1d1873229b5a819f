import { beforeEach, describe, expect, test } from "@jest/globals";
import { IMAGE, VirtualStation } from "./support/virtual-station.ts";

const REFUSAL = "command-refused: an update is installed already, and starts with the restart";
/** Longer than the firmware waits for its last words to be acknowledged. */
const FAREWELL = 3_500;

describe("an update that is installed, while the firmware before it says its last words", () => {
	let station: VirtualStation;

	beforeEach(() => {
		station = new VirtualStation();
		station.offer();
		station.tell("command/firmware", "INSTALL");
		// From here on nothing is acknowledged: the farewell takes as long as it may.
		station.acknowledges = false;
		station.tell("update/image", IMAGE, true);
		expect(station.partition).toMatchObject({ bootsNew: true, opened: 1, isOpen: false });
		expect(station.said("availability")).toEqual(["online", "offline"]);
		station.subscribed.length = 0;
	});

	/** What was installed is what starts next: nothing was written since, nor asked for. */
	async function expectRestart(): Promise<void> {
		expect(station.restarts).toBe(0);
		station.advance(FAREWELL);
		await station.promises();
		expect(station.restarts).toBe(1);
		expect(station.partition).toMatchObject({ written: IMAGE, bootsNew: true, opened: 1, isOpen: false });
		expect(station.subscribed).toEqual([]);
	}

	function refusals(): readonly string[] {
		return station.lines.filter((line) => line.startsWith("command-refused"));
	}

	test("starts with the restart", () => expectRestart());

	test("is not installed once more, however often somebody says so", async () => {
		station.tell("command/firmware", "INSTALL");
		station.tell("command/firmware", "INSTALL");
		station.tell("update/image", IMAGE, true);
		await expectRestart();
		expect(refusals()).toEqual([REFUSAL, REFUSAL]);
	});

	test("gives way to no other image, neither by itself nor with its offer", async () => {
		station.tell("update/image", IMAGE.toReversed());
		station.offer({ version: "9.9.10" });
		station.tell("command/firmware", "INSTALL");
		station.tell("update/image", IMAGE, true);
		await expectRestart();
		expect(refusals()).toEqual([REFUSAL]);
	});

	test("stays when its offer is withdrawn", async () => {
		station.tell("update", "", true);
		await expectRestart();
	});

	test("is under way for Home Assistant until then, which asks nobody to install it again", () => {
		const last: unknown = JSON.parse(station.said("firmware").at(-1) ?? "");
		expect(last).toMatchObject({ latest_version: "9.9.9", in_progress: true, update_percentage: 100 });
	});
});

test("two install commands at once install once, and the second is refused", async () => {
	const station = new VirtualStation();
	station.offer();
	station.tellAll([
		["command/firmware", "INSTALL"],
		["command/firmware", "INSTALL"],
	]);
	expect(station.subscribed.filter((topic) => topic === "motehub/dut/update/image")).toHaveLength(1);
	expect(station.said("diagnostics")).toEqual([expect.stringContaining("an update is being installed already")]);
	station.tell("update/image", IMAGE, true);
	await station.promises();
	expect(station.partition).toMatchObject({ written: IMAGE, bootsNew: true, opened: 1 });
	expect(station.restarts).toBe(1);
});
