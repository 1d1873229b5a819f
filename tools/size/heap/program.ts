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
	const whose = client === "motehub" ? library() : sdkClient(transport);
	const security = transport === "tcp" ? "tcp" : `${client}-tls`;
	return {
		include: ["$(MODDABLE)/examples/manifest_base.json", ...(transport === "tls" ? [securityOf(client)] : [])],
		defines: { ECMA419: { enabled: 1 } },
		creation: { keys: { initial: 64, incremental: 0 } },
		config: { port, size, subscribes },
		modules: { main: join(apps, client), security: join(apps, security), ...base(apps).modules, ...whose.modules },
		preload: ["main", "security", ...base(apps).preload, ...whose.preload],
		...(transport === "tls" && { data: { "*": "./ca" } }),
	};
}

interface Part {
	readonly modules: Readonly<Record<string, string>>;
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
function library(file = join(projectFolder(), "manifest.json")): Part {
	const { include = [], modules = {}, preload = [] } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
	const ours = [include].flat().filter((path) => !path.startsWith("$"));
	const parts = ours.map((path) => library(join(dirname(file), path)));
	const own = Object.entries(modules).map(([name, path]) => [name, join(dirname(file), path)] as const);
	return {
		modules: Object.fromEntries([...own, ...parts.flatMap((part) => Object.entries(part.modules))]),
		preload: [...new Set([...preload, ...parts.flatMap((part) => part.preload)])],
	};
}

function sdkClient(transport: Subject["transport"]): Part {
	const examples = "$(MODDABLE)/examples/io/tcp";
	const client = { "embedded:network/mqtt/client": `${examples}/mqttclient/mqttclient` };
	const tls = { "embedded:io/socket/tcp/tls": `${examples}/tlssocket/tlssocket` };
	const modules = transport === "tcp" ? client : { ...client, ...tls };
	return { modules, preload: Object.keys(modules) };
}

function securityOf(client: Subject["client"]): string {
	if (client === "sdk") return "$(MODDABLE)/modules/crypt/tls_419.json";
	return join(projectFolder(), "hosts/device/tls/manifest.json");
}
