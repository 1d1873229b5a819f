import { type Archive, describeArchive } from "../moddable/archive.ts";
import type { Counts } from "./counts.ts";
import type { DeviceBundle } from "./device-bundle.ts";
import type { ConnectTime } from "./heap/connect.ts";
import type { HeapUse } from "./heap/measure.ts";

export interface Report {
	readonly counts: Counts;
	readonly bundle: DeviceBundle;
	/** Of the device bundle; undefined without an SDK. */
	readonly bytecode: number | undefined;
	/** Of the firmware with TLS, as the SDK links it; undefined without an SDK. */
	readonly flash?: Archive | undefined;
}

const SLOT_BYTES = 16;
const LABEL_WIDTH = 28;
const NUMBER_WIDTH = 12;

/** The report as text for a terminal. */
export function asText({ counts, bundle, bytecode, flash }: Report): string {
	return [
		"Bytecodes run on XS per message (24-byte topic, 17-byte payload, MQTT 3.1.1)",
		row("", "client", "our codec", "mqtt-packet", "client ÷ mqtt-packet"),
		costs("receive, QoS 0", counts.receive, counts.decode, counts.parse),
		costs("publish, QoS 0", counts.publishQos0, counts.encode, counts.generateQos0),
		costs("publish, QoS 1, to PUBACK", counts.publishQos1, undefined, counts.generateQos1),
		"",
		"Records written to flash per message, QoS 1, with persist",
		row("each kept before it is sent", number(counts.writesQos1)),
		row("with a persistDelay", number(counts.writesQos1Late)),
		"",
		"Longest turn of the event loop: 500 retained messages arrive together, at QoS 1",
		row("messages handled", number(counts.turnMessages)),
		row("bytecodes", number(counts.turn)),
		"",
		"XS heap of a connected client with three subscriptions, in RAM",
		row("", "slots", "bytes on an ESP32"),
		...ram(counts),
		"",
		"Device bundle (firmware for an ESP32, without the SDK's own modules)",
		...[...bundle.parts].map(([part, bytes]) => row(`${part}, minified`, number(bytes))),
		row("in all, minified", number(bundle.code.length)),
		row("in all, bytecode in flash", bytecode === undefined ? "not measured: no Moddable SDK found" : number(bytecode)),
		"",
		...(flash === undefined ? [] : [describeArchive(flash)]),
	].join("\n");
}

/** The heaps as text for a terminal. */
export function describeHeaps(uses: readonly HeapUse[]): string {
	return [
		"Smallest heap to connect, subscribe and publish 16 KB, for motehub's client and the SDK's, in bytes, with slots of 16 bytes",
		row("", "heap, with", "heap, with a", "least stack", "slots, when", "chunks, when"),
		row("", "least stack", "stack of 384", "", "connected", "connected"),
		...uses.map(({ subject, heap, heapByDefault, stack, slots, chunks }) =>
			row(nameOf(subject), ...[heap, heapByDefault, stack, slots, chunks].map(number)),
		),
		"",
	].join("\n");
}

/** The times as text for a terminal. */
export function describeConnecting(times: readonly ConnectTime[]): string {
	return [
		"From connecting to the first message at the broker, in ms, on the SDK's simulator, whose sockets act every 20 ms",
		row("", "median", "least", "most"),
		...times.map(({ subject, median, least, most }) =>
			row(nameOf(subject), ...[median, least, most].map((time) => time.toFixed(1))),
		),
		"",
	].join("\n");
}

function ram({ clientSlots, slotsByModule }: Counts): string[] {
	const slotsOfObjects = Object.values(slotsByModule).reduce((sum, slots) => sum + slots, 0);
	const rows = [
		...Object.entries(slotsByModule),
		["closures", clientSlots - slotsOfObjects],
		["in all", clientSlots],
	] as const;
	return rows.map(([label, slots]) => row(label, number(slots), number(slots * SLOT_BYTES)));
}

function nameOf({ client, transport }: HeapUse["subject"]): string {
	const whose = client === "motehub" ? "motehub" : "the SDK's";
	return `${whose}, ${transport === "tcp" ? "TCP" : "TLS with ECDSA"}`;
}

/** The report for programs. */
export function asJson({ counts, bundle, bytecode, flash }: Report): string {
	const minified = { ...Object.fromEntries(bundle.parts), total: bundle.code.length };
	return `${JSON.stringify({ counts, minified, bytecode: bytecode ?? null, flash: forPrograms(flash) }, null, "\t")}\n`;
}

function forPrograms(flash: Archive | undefined): object | null {
	return flash === undefined ? null : { ...flash, bytecode: Object.fromEntries(flash.bytecode) };
}

function costs(label: string, ours: number, codec: number | undefined, theirs: number): string {
	return row(label, number(ours), codec === undefined ? "" : number(codec), number(theirs), (ours / theirs).toFixed(2));
}

function row(label: string, ...columns: readonly string[]): string {
	const cells = columns.map((column) => ` ${column.padStart(NUMBER_WIDTH)}`);
	return `  ${label.padEnd(LABEL_WIDTH)}${cells.join("")}`.trimEnd();
}

function number(value: number): string {
	return value.toLocaleString("en");
}
