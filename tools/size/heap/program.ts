import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../../device/project-folder.ts";
import { type ModdableSdk, SdkMissing, ToolFailed } from "../../moddable/sdk.ts";

/** Whose client, over what. */
export interface Subject {
	readonly client: "motehub" | "sdk";
	readonly transport: "tcp" | "tls";
}

/** What a program is built with. */
export interface ProgramSettings {
	readonly port: number;
	/** Of the payload to publish, in bytes: at least 4. */
	readonly size: number;
	/** Whether to subscribe before. */
	readonly subscribes: boolean;
	/** The certificate of the CA to trust over TLS, in DER. */
	readonly ca: Uint8Array;
}

/** From the project's folder. */
const OUTPUT = "build/heap";
const SOURCES = "tools/size/heap";
const TLS = "hosts/device/tls/manifest.json";
/** XS asks these for memory; heap.c answers in their place. */
const ALLOCATORS = ["fxAllocateChunks", "fxAllocateSlots", "fxFreeChunks", "fxFreeSlots"];
const HOW_TO_GET_IT = "a C compiler for 32 bits is missing: apt-get install gcc-multilib";

/** Builds a subject as a program of 32 bits: `heap STATIC_BYTES STACK_SLOTS`. Returns its path. Throws SdkMissing, ToolFailed. */
export async function buildProgram(sdk: ModdableSdk, subject: Subject, settings: ProgramSettings): Promise<string> {
	const output = join(projectFolder(), OUTPUT);
	const name = `${subject.client}-${subject.transport}-${settings.subscribes ? "heap" : "first"}`;
	const folder = join(output, "apps", name);
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "ca.der"), settings.ca);
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifestOf(subject, settings), null, "\t"));
	const host = join(projectFolder(), SOURCES, "host");
	const compiler = await compilerFor32Bits(sdk, output, host);
	await sdk.run("mcconfig", ["-p", "lin", "-t", "build", "-o", output], folder);
	const makefile = join(output, "tmp/lin/mc/release", name, "makefile");
	await sdk.run("make", ["-f", makefile, "PKGCONFIG=true", `CC=${compiler}`, "build"], folder);
	return linkProgram(sdk, join(output, "bin/lin/mc/release", name), host, compiler.split(" "));
}

async function compilerFor32Bits(sdk: ModdableSdk, output: string, host: string): Promise<string> {
	const probe = join(output, "probe.c");
	writeFileSync(probe, "#include <stdio.h>\nint main(void) { return sizeof(void*) != 4; }\n");
	try {
		await sdk.run("cc", ["-m32", "-o", join(output, "probe"), probe], output);
	} catch (error) {
		if (error instanceof ToolFailed) throw new SdkMissing(HOW_TO_GET_IT);
		throw error;
	}
	const wraps = ALLOCATORS.map((name) => `-Wl,--wrap=${name}`).join(" ");
	return `cc -m32 -w -I${host} ${wraps}`;
}

async function linkProgram(
	sdk: ModdableSdk,
	folder: string,
	host: string,
	compiler: readonly string[],
): Promise<string> {
	const [program = "cc", ...flags] = compiler;
	const path = join(folder, "heap");
	const library = join(folder, "mc.so");
	const headers = ["xs/includes", "xs/platforms", "xs/sources", "build/simulators/modules"];
	const sources = ["heap.c", "loop.c"].map((name) => join(host, name));
	const platform = ["-DINCLUDE_XSPLATFORM=1", '-DXSPLATFORM="lin_xs.h"', "-rdynamic", `-Wl,-rpath,${folder}`];
	const includes = headers.map((header) => `-I${join(sdk.folder, header)}`);
	await sdk.run(program, [...flags, ...platform, ...includes, "-o", path, ...sources, library, "-lm"], folder);
	return path;
}

function manifestOf({ client, transport }: Subject, { port, size, subscribes }: ProgramSettings): object {
	const apps = join(projectFolder(), SOURCES, "apps");
	const whose = client === "motehub" ? ours(transport) : sdkClient(transport);
	const security = transport === "tcp" ? "tcp" : `${client}-tls`;
	return {
		include: ["$(MODDABLE)/examples/manifest_base.json", ...(transport === "tls" ? securityOf(client) : [])],
		defines: { ECMA419: { enabled: 1 } },
		creation: { keys: { initial: 64, incremental: 0 } },
		config: { port, size, subscribes },
		...together([
			{ modules: { main: join(apps, client), security: join(apps, security) }, preload: ["main", "security"] },
			base(apps),
			whose,
		]),
		...(transport === "tls" && { data: { "*": "./ca" } }),
	};
}

interface Part {
	/** By name, or by `*` for several that keep their files' names. */
	readonly modules: Readonly<Record<string, string | readonly string[]>>;
	readonly preload: readonly string[];
}

interface Manifest extends Partial<Part> {
	readonly include?: string | readonly string[];
}

/** Sockets alone: the SDK's manifest for the network wants libraries of 32 bits that nobody has. */
function base(apps: string): Part {
	const sockets = "$(MODDABLE)/modules/io/socket/lin";
	const modules = {
		"*": "$(MODDABLE)/modules/io/common/builtinCommon",
		"embedded:io/socket/tcp": `${sockets}/tcp`,
		"embedded:io/socket/udp": `${sockets}/udp`,
		"embedded:io/socket/listener": `${sockets}/listener`,
		net: join(apps, "net"),
	};
	return { modules, preload: ["net", "embedded:io/socket/*"] };
}

/** All of the library, without what it includes of the SDK. */
function ours(transport: Subject["transport"]): Part {
	const library = partOf(join(projectFolder(), "manifest.json"));
	return transport === "tcp" ? library : together([library, partOf(join(projectFolder(), TLS))]);
}

function partOf(file: string): Part {
	const { include = [], modules = {}, preload = [] } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
	const located = (path: string): string => (isOfSdk(path) ? path : join(dirname(file), path));
	const own = Object.entries(modules).map(([name, paths]) => [name, [paths].flat().map(located)] as const);
	const included = [include].flat().filter((path) => !isOfSdk(path));
	const parts = included.map((path) => partOf(join(dirname(file), path)));
	return together([{ modules: Object.fromEntries(own), preload: [preload].flat() }, ...parts]);
}

function together(parts: readonly Part[]): Part {
	const modules: Record<string, readonly string[]> = {};
	for (const [name, paths] of parts.flatMap((part) => Object.entries(part.modules))) {
		modules[name] = [...new Set([...(modules[name] ?? []), ...[paths].flat()])];
	}
	return {
		modules,
		preload: [...new Set(parts.flatMap(({ preload }) => preload))],
	};
}

function isOfSdk(path: string): boolean {
	return path.startsWith("$");
}

function sdkClient(transport: Subject["transport"]): Part {
	const examples = "$(MODDABLE)/examples/io/tcp";
	const client = { "embedded:network/mqtt/client": `${examples}/mqttclient/mqttclient` };
	const tls = { "embedded:io/socket/tcp/tls": `${examples}/tlssocket/tlssocket` };
	const modules = transport === "tcp" ? client : { ...client, ...tls };
	return { modules, preload: Object.keys(modules) };
}

/** What TLS takes of the SDK besides sockets. */
function securityOf(client: Subject["client"]): readonly string[] {
	if (client === "sdk") return ["$(MODDABLE)/modules/crypt/tls_419.json"];
	return ["crypt/bin", "crypt/digest", "files/resource"].map((name) => `$(MODULES)/${name}/manifest.json`);
}
