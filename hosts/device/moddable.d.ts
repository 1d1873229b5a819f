/** The modules of Moddable that the device host and the firmware import, in our own words and no wider than they are used. */

declare module "embedded:io/socket/tcp" {
	const TCP: import("./platform.ts").TcpConstructor;
	export default TCP;
}

declare module "embedded:io/socket/udp" {
	const UDP: import("./platform.ts").UdpConstructor;
	export default UDP;
}

declare module "embedded:network/interface/wifi" {
	const WiFi: import("./platform.ts").WiFiConstructor;
	export default WiFi;
}

declare module "embedded:storage/flash" {
	const flash: { open(options: { readonly path: string }): object };
	export default flash;
}

declare module "embedded:update" {
	const update: {
		open(options: {
			readonly partition: object;
			readonly mode: "a";
			readonly byteLength: number;
		}): import("./platform.ts").UpdateSession;
	};
	export default update;
}

declare module "mc/ffi" {
	/** The functions of ESP-IDF that the firmware's manifest names. */
	export default class FFI {
		/** An error code; 0: done. */
		esp_ota_mark_app_valid_cancel_rollback(): number;
	}
}

declare module "crypt" {
	export class Digest {
		constructor(name: "MD5" | "SHA1" | "SHA256" | "SHA384" | "SHA512");
		write(bytes: Uint8Array): void;
		close(): ArrayBuffer;
		/** The digest of `bytes` alone. */
		process(bytes: Uint8Array): ArrayBuffer;
	}
}

declare module "embedded:storage/key-value" {
	const storage: {
		open(options: { readonly path: string; readonly format: "buffer" }): import("./platform.ts").KeyValueDomain;
	};
	export default storage;
}

declare module "timer" {
	const Timer: import("./platform.ts").TimerService;
	export default Timer;
}

declare module "time" {
	const Time: import("./platform.ts").TimeService & import("./platform.ts").WallClockService;
	export default Time;
}

declare module "net" {
	const Net: import("./platform.ts").NetService;
	export default Net;
}

/** The manifest's `config` object. */
declare module "mc/config" {
	const config: Readonly<Record<string, unknown>>;
	export default config;
}

/** Writes to the debugger's console. It adds no line end. */
declare function trace(text: string): void;

declare module "embedded:io/digital" {
	export default class Digital {
		static readonly Output: number;
		constructor(options: { readonly pin: number; readonly mode: number });
		write(value: 0 | 1): void;
		close(): void;
	}
}

declare module "embedded:sensor/Humidity-Temperature/AHT10" {
	export default class AHT10 {
		constructor(options: { readonly sensor: object });
		/** °C and % */
		sample(): {
			readonly thermometer: { readonly temperature: number };
			readonly hygrometer: { readonly humidity: number };
		};
		close(): void;
	}
}

/** ECMA-419's description of the board. */
declare const device: {
	readonly pin: { readonly led?: number };
	readonly I2C: { readonly default: object };
};

declare const System: { restart(): never };
