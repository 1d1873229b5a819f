import Digital from "embedded:io/digital";
import flash from "embedded:storage/flash";
import update from "embedded:update";
import { Digest } from "crypt";
import FFI from "mc/ffi";
import Timer from "timer";
import type { Board } from "../board.ts";
import { Blinker } from "./blinker.ts";

/** Made when it is needed: modules are frozen before there are pins. */
const led: { blinker?: Blinker } = {};

const board: Board = {
	identify(duration) {
		const pin = device.pin.led;
		if (pin === undefined) {
			trace("identify: this board has no LED\n");
			return;
		}
		led.blinker ??= new Blinker(() => new Digital({ pin, mode: Digital.Output }), Timer);
		try {
			led.blinker.blink(duration);
		} catch (error) {
			trace(`identify: the LED at pin ${pin} cannot be used: ${String(error)}\n`);
		}
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
