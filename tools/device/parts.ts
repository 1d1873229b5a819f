/** Where the build leaves its account, from the project's folder. */
export const PARTS = "dist/device/parts.json";

/** Bytes of JavaScript by source, in each module that the build has made, by the module's name after `motehub/`. */
export type Parts = Record<string, Readonly<Record<string, number>>>;

/** The part of the project that a source belongs to; its path is from the project's folder. */
export function partOf(source: string): string {
	const [, room] = /^src\/([\w-]+)\//.exec(source) ?? [];
	if (room !== undefined) return room === "tls" ? "certificate paths" : room;
	if (source.startsWith("hosts/device/tls/")) return "TLS of ours";
	if (source.startsWith("hosts/device/firmware/")) return "firmware";
	const [, part] = /^hosts\/device\/(storage|update|wifi)\//.exec(source) ?? [];
	if (part !== undefined) return `device ${part}`;
	return source.startsWith("hosts/device/") ? "device network" : "mqtt-packet";
}
