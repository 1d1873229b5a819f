import WiFi from "embedded:network/interface/wifi";
import config from "mc/config";
import { type BoardPorts, boardPorts, timeKeeper } from "../network/index.ts";
import { type NetworkLink, WiFiLink } from "./index.ts";

/**
 * The manifest puts this in the place of the SDK's module `setup/network`, which asks the Wi-Fi of the manifest's `config` to be
 * let in once: a board that is up before its access point would wait for ever, and one that loses it would stay without. This
 * goes on asking for as long as the machine runs. For the rest it does as the SDK's: it calls back, which starts the
 * application, when there is an address, and the time that `sntp` asks for; and at once when there is no `ssid`.
 */
export default function setUpNetwork(done: () => void): void {
	const [ssid, password] = [textOf("ssid"), textOf("password")];
	if (ssid === undefined) {
		done();
		return;
	}
	const ports = boardPorts();
	onceUp(new WiFiLink({ ssid, password, io: WiFi, ...ports }), () => setClock(ports, done));
}

function onceUp(link: NetworkLink, action: () => void): void {
	let isWaiting = !link.isUp;
	if (!isWaiting) action();
	link.onChange((isUp) => {
		if (!isWaiting || !isUp) return;
		isWaiting = false;
		action();
	});
}

/** Without the time the application is started as well: it may not need it. */
function setClock(ports: BoardPorts, done: () => void): void {
	const server = textOf("sntp");
	if (server === undefined) {
		// In a turn of its own: the link keeps what a listener throws from the machine, and the application's faults are to end it.
		ports.clock.setTimer(done, 0);
		return;
	}
	timeKeeper({ servers: [server] }, ports).set((failure) => {
		if (failure !== undefined) ports.log.write("warn", "the clock is not set", { reason: failure });
		done();
	});
}

/** What the manifest or mcconfig's command line has; a password of digits may be a number there. */
function textOf(key: string): string | undefined {
	const value = config[key];
	if (typeof value === "number") return String(value);
	return typeof value === "string" && value !== "" ? value : undefined;
}
