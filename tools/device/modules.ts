/** Modules that are bundled together; what they share is in chunks beside them. */
export interface ModuleSet {
	/** Where they go, from the project's folder. A manifest names what is in it. */
	readonly folder: string;
	/** By their names on the device, after `motehub/`: the sources, from the project's folder. */
	readonly modules: Readonly<Record<string, string>>;
	/** Of the chunks, as esbuild takes it. A module alone has none. */
	readonly chunkNames?: string;
}

/**
 * The library: each module alone, after those that it imports. XS links everything that a manifest names, so an
 * application has, and pays for, what its manifests include: each of these has a manifest beside its source.
 */
const LIBRARY: readonly ModuleSet[] = [
	alone("src/codec/index", "src/codec/client.ts"),
	alone("src/client/index", "src/client/device.ts"),
	alone("src/json/index"),
	alone("src/homeassistant/index"),
	alone("src/websocket/index"),
	alone("hosts/device/base"),
	alone("hosts/device/network/index"),
	alone("hosts/device/storage/index"),
	alone("hosts/device/update/index"),
	alone("hosts/device/wifi/index"),
	alone("hosts/device/wifi/setup-network"),
	alone("hosts/device/wifi/wired"),
	alone("hosts/device/index"),
];

const TLS: ModuleSet = {
	folder: "dist/moddable/tls",
	modules: {
		"src/tls/index": "src/tls/index.ts",
		"hosts/device/tls/index": "hosts/device/tls/index.ts",
		"hosts/device/tls/signature-verifier": "hosts/device/tls/signature-verifier.ts",
	},
	chunkNames: "hosts/device/tls/[hash]",
};

/** In the place of modules of the SDK's, under the SDK's names: not bundled with what they are imported by. */
const LEGACY_TLS: ModuleSet = {
	folder: "dist/moddable/tls-legacy",
	modules: {
		"hosts/device/tls/legacy/sdk/record": "hosts/device/tls/legacy/sdk/record.ts",
		"hosts/device/tls/legacy/sdk/versions": "hosts/device/tls/legacy/sdk/versions.ts",
	},
	chunkNames: "hosts/device/tls/legacy/[hash]",
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
export const MODULE_SETS: readonly ModuleSet[] = [...LIBRARY, TLS, LEGACY_TLS, FIRMWARE];

/** The sources of modules, by name. */
export const SOURCES: Readonly<Record<string, string>> = Object.fromEntries(
	MODULE_SETS.flatMap(({ modules }) => Object.entries(modules)),
);

function alone(module: string, source = `${module}.ts`): ModuleSet {
	return { folder: "dist/moddable/library", modules: { [module]: source } };
}
