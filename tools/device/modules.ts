/** Modules that are bundled together; what they share is in chunks beside them. */
export interface ModuleSet {
	/** Where they go, from the project's folder. A manifest names what is in it. */
	readonly folder: string;
	/** By their names on the device, after `motehub/`: the sources, from the project's folder. */
	readonly modules: Readonly<Record<string, string>>;
	/** Of the chunks, as esbuild takes it. */
	readonly chunkNames: string;
}

const LIBRARY: ModuleSet = {
	folder: "dist/moddable/library",
	modules: {
		"src/client/index": "src/client/index.ts",
		"src/codec/index": "src/codec/client.ts",
		"src/homeassistant/index": "src/homeassistant/index.ts",
		"src/websocket/index": "src/websocket/index.ts",
		"hosts/device/index": "hosts/device/index.ts",
		"hosts/device/network": "hosts/device/network.ts",
	},
	chunkNames: "src/shared/[hash]",
};

const TLS: ModuleSet = {
	folder: "dist/moddable/tls",
	modules: {
		"src/tls/index": "src/tls/index.ts",
		"hosts/device/tls/index": "hosts/device/tls/index.ts",
		"hosts/device/tls/signature-verifier": "hosts/device/tls/signature-verifier.ts",
	},
	chunkNames: "hosts/device/tls/[hash]",
};

const FIRMWARE: ModuleSet = {
	folder: "dist/device/firmware",
	modules: {
		"hosts/device/firmware/main": "hosts/device/firmware/main.ts",
		"hosts/device/firmware/check-settings": "hosts/device/firmware/check-settings.ts",
		"hosts/device/firmware/tls/main": "hosts/device/firmware/tls/main.ts",
	},
	chunkNames: "hosts/device/firmware/[hash]",
};

/** A source is in the first of these that reaches it; the later ones import it from there. */
export const MODULE_SETS: readonly ModuleSet[] = [LIBRARY, TLS, FIRMWARE];

/** The sources of modules, by name. */
export const SOURCES: Readonly<Record<string, string>> = Object.fromEntries(
	MODULE_SETS.flatMap(({ modules }) => Object.entries(modules)),
);
