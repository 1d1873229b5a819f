import Digital from "embedded:io/digital";
import flash from "embedded:storage/flash";
import update from "embedded:update";
import { Digest } from "crypt";
import FFI from "mc/ffi";
import Timer from "timer";
import type { Board } from "../board.ts";

const BLINKS_PER_SECOND = 4;

const board: Board = {
	identify(duration) {
		const pin = device.pin.led;
		if (pin === undefined) {
			trace("identify: this board has no LED\n");
			return;
		}
		const led = new Digital({ pin, mode: Digital.Output });
		let left = duration * BLINKS_PER_SECOND * 2;
		const timer = Timer.repeat(
			() => {
				led.write(left % 2 === 0 ? 1 : 0);
				if (--left > 0) return;
				Timer.clear(timer);
				led.close();
			},
			1_000 / (BLINKS_PER_SECOND * 2),
		);
	},
	updates: {
		open: (byteLength) => update.open({ partition: flash.open({ path: "nextota" }), mode: "a", byteLength }),
		digest: () => new Digest("SHA256"),
		confirm: () => void new FFI().esp_ota_mark_app_valid_cancel_rollback(),
	},
	restart() {
		System.restart();
	},
	onShutdown() {
		// Power goes without notice: the will speaks for us.
	},
};

export default board;
