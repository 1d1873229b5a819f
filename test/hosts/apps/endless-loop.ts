import Timer from "timer";

/** What a watchdog is for. */
export default function main(): void {
	trace("looping\n");
	Timer.set(() => {
		for (;;);
	}, 0);
}
