import Timer from "timer";

/** An exception that leaves a callback of the platform. */
export default function main(): void {
	Timer.set(() => trace("still alive\n"), 10);
	Timer.set(() => {
		throw new TypeError("nobody catches this");
	}, 0);
}
