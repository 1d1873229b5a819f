import Timer from "timer";

/** A promise that is rejected, and nobody listens. */
export default function main(): void {
	Timer.set(() => {
		void Promise.reject(new TypeError("nobody listens"));
	}, 0);
}
