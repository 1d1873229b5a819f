import Timer from "timer";

/** An exception that leaves a callback of the platform. */
export default function main(): void {
	// In this order: a busy machine may rest between the two for longer than the second takes.
	Timer.set(() => {
		throw new TypeError("nobody catches this");
	}, 0);
	Timer.set(() => trace("still alive\n"), 10);
}
