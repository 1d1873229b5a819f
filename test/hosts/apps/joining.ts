import config from "mc/config";
import Timer from "timer";
import { boardPorts, openTcp } from "../../../hosts/device/network/index.ts";
import setUpNetwork from "../../../hosts/device/wifi/setup-network.ts";

/** What Moddable does with an application that is made with the library's Wi-Fi: the network first, then `main`. */
export default function start(): void {
	const timer = Timer.repeat(() => trace("waiting\n"), 1_000);
	setUpNetwork(() => {
		Timer.clear(timer);
		main();
	});
}

function main(): void {
	trace("main\n");
	if (typeof config.fault === "string") throw new Error(config.fault);
	const year = new Date(Date.now()).getUTCFullYear();
	openTcp({ host: "127.0.0.1", port: Number(config.port) }, boardPorts()).open({
		opened: () => trace(`opened in ${year}\n`),
		received: () => undefined,
		writable: () => undefined,
		closed: (failure) => trace(`closed: ${failure?.message}\n`),
	});
}
