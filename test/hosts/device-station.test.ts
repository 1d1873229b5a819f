import { describe, expect, test } from "@jest/globals";
import { VirtualStation } from "./support/virtual-station.ts";

const INTERVAL = 10;

/** A station that reads its sensor every ten seconds. */
function reading(): VirtualStation {
	const station = new VirtualStation();
	station.tell("command/interval", String(INTERVAL));
	station.published.length = 0;
	return station;
}

/** Lets its next readings come. */
function pass(station: VirtualStation, readings: number): void {
	for (let count = 0; count < readings; count++) {
		station.advance(INTERVAL * 1_000);
		station.settle();
	}
}

describe("the firmware's readings", () => {
	test("are published in their interval", () => {
		const station = reading();
		station.reading = { temperature: 21.04, humidity: 48 };
		pass(station, 2);
		const states = station.said("state").map((text) => JSON.parse(text) as object);
		expect(states).toMatchObject([
			{ temperature: 21, humidity: 48 },
			{ temperature: 21, humidity: 48 },
		]);
	});

	test.each([
		["NaN", { temperature: Number.NaN, humidity: 48 }],
		["infinite", { temperature: 21, humidity: Number.POSITIVE_INFINITY }],
	])("that are %s are reported once: an exception in the timer would end the machine", (_what, bad) => {
		const station = reading();
		station.reading = bad;
		pass(station, 3);
		const reports = station.said("diagnostics").map((text) => JSON.parse(text) as object);
		const reason = expect.stringContaining("is no state of the sensor") as unknown;
		expect(reports).toEqual([{ event: "sensor-failed", reason }]);
		station.reading = { temperature: 20, humidity: 50 };
		pass(station, 1);
		expect(station.said("state")).toHaveLength(1);
	});
});
