import WiFi from "embedded:network/interface/wifi";
import config from "mc/config";
import Timer from "timer";

/** In ms: the driver says its MAC address, which the client id is made of, a moment after it was started. */
const DRIVER_START = 100;

/**
 * The manifest puts this in the place of the SDK's module `setup/network`, which asks to join once, and starts the firmware
 * when there is an address. After a power cut the board is up before the access point: it would wait for ever. The firmware
 * joins itself, and goes on trying; and one that is on trial is taken back when it never gets in.
 */
export default function setUpNetwork(done: () => void): void {
	if (!config.ssid) {
		done();
		return;
	}
	const wifi = new WiFi({
		onChanged() {
			// Nobody has asked to join yet.
		},
	});
	Timer.set(() => {
		// The driver stays.
		wifi.close();
		done();
	}, DRIVER_START);
}
