import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

const interfaces = new Set<() => void>();

/** ECMA-419 Wi-Fi network interface. */
export default class WiFi {
	constructor(options: { onChanged?(this: WiFi, property: string): void }) {
		interfaces.add(() => options.onChanged?.call(this, "connection"));
	}

	get connection(): number {
		return call(CALL.WIFI_CONNECTION).number();
	}

	connect(): void {
		call(CALL.WIFI_JOIN);
	}
}

onEvent(EVENT.WIFI_CHANGED, () => {
	for (const changed of interfaces) changed();
});
