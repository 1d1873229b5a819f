import { join } from "node:path";
import { Flash } from "./flash.ts";
import type { CommandLine } from "./options.ts";
import { SimulatedDevice } from "./simulated-device.ts";

/** Makes the devices that the command line asks for. `print` gets whole lines. Throws `FlashUnreadable`, `XsEngineMissing`. */
export function createFleet(options: CommandLine, bundle: string, print: (line: string) => void): SimulatedDevice[] {
	return Array.from({ length: options.count }, (_, index) => createDevice(options, bundle, index, print));
}

function createDevice(
	options: CommandLine,
	bundle: string,
	index: number,
	print: (line: string) => void,
): SimulatedDevice {
	const { count, drop, stall, latency, state } = options;
	const clientId = clientIdOf(options, index);
	const prefix = count === 1 ? "" : `[${clientId ?? `device ${index + 1}`}] `;
	return new SimulatedDevice({
		index,
		bundle,
		config: firmwareConfig(options, clientId),
		faults: { drop, stall, latency },
		...(state !== undefined && { flash: new Flash(join(state, `device-${index + 1}.json`)) }),
		onTrace: (line) => print(prefix + line),
		onEvent: (text) => print(`${prefix}simulator: ${text}`),
	});
}

function clientIdOf({ clientId, count }: CommandLine, index: number): string | undefined {
	return clientId === undefined || count === 1 ? clientId : `${clientId}-${index + 1}`;
}

/** The manifest's `config`, as it would be on a device. */
function firmwareConfig(options: CommandLine, clientId: string | undefined): Record<string, unknown> {
	const { broker, port, username, password, protocol, keepalive, interval } = options;
	return {
		mqtt: { broker, port, client_id: clientId, keepalive, username, password, protocol },
		firmware: { interval },
		ssid: "simulated",
	};
}
