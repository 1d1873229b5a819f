/** The modules that differ from board to board: the manifest maps them. */

declare module "board" {
	const board: import("./board.ts").Board;
	export default board;
}

declare module "sensor" {
	/** Throws when there is no sensor. */
	export default function openSensor(clock: import("../../../src/ports/index.ts").Clock): import("./sensor.ts").Sensor;
}
