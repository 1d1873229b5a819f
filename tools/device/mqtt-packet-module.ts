/** In the place of the function that knows all packets: those that our codec has a device write by mqtt-packet. */
const OWN_ENTRANCE = `
export default function writeToStream (packet, sink, settings) {
	switch (packet.cmd) {
		case "connect":
			return connect(packet, sink, settings);
		case "subscribe":
			return subscribe(packet, sink, settings);
		default:
			return unsubscribe(packet, sink, settings);
	}
}
`;

type Replacement = readonly [pattern: RegExp, by: string];

/** CommonJS as the writer has it, said as an ECMAScript module: esbuild leaves out unused functions of those only. */
const CONVERSIONS: readonly Replacement[] = [
	[/^const (\{ \w+ \}) = require\('([^']+)'\)$/gm, 'import $1 from "$2"'],
	[/^const (\w+) = require\('(\w[^']*)'\)\.(\w+)$/gm, 'import { $3 as $1 } from "$2"'],
	[/^const (\w+) = require\('debug'\)\('[^']*'\)$/gm, 'import { silent as $1 } from "debug"'],
	[/^const (\w+) = require\('([^']+)'\)$/gm, 'import * as $1 from "$2"'],
	[/^module\.exports = generate$/gm, OWN_ENTRANCE],
];

/** What a device does without: our codec has checked the packet, inserts the properties, and makes the frame. */
const CUTS: readonly Replacement[] = [
	// Checks, and the length of all that follows.
	[/^ {2}let length = (?:(?!^\})[\s\S])*?(?=^ {2}\/\/ (?:Generate header|Header)$)/gm, ""],
	// In the place of the fixed header come two pieces that our codec passes over.
	[/^ {2}stream\.write\(protocol\.\w+_HEADER(?:\[1\]\[dup \? 1 : 0\]\[0\])?\)$/gm, "  stream.write(empty)"],
	[/^ {2}const dup = .*\n/gm, ""],
	[/^ {2}writeVarByteInt\(stream, length\)$/gm, "  stream.write(empty)"],
	[/^ {2}debug\('subscribe: writing to stream.*\n/gm, ""],
	// There are no properties: their length is 0.
	[/^ {2}const properties = settings\.properties\n/gm, ""],
	[/\bpropertiesData !== null/g, "version === 5"],
	[/\b(?:propertiesData|willProperties)\.write\(\)/g, "stream.write(zeroBuf)"],
	// Our codec writes the password.
	[/^ {2}(?:const password = .*|flags \|= \(password .*|if \(password != null\) \{\n {4}write.*\n {2}\})\n/gm, ""],
	// All else is given.
	[/^( {2}(?:const|let) \w+ = (?:packet|settings\.\w+)) \|\| .*$/gm, "$1"],
	[/\bopts \? opts\.protocolVersion : 4$/gm, "opts.protocolVersion"],
	[/^ {2}if \(clean === undefined\) clean = true\n/gm, ""],
	// Tables of what is the number itself, or follows from it.
	[/^ {4}protocolVersion === 131\n[\s\S]*?\bprotocol\.VERSION3$/gm, "    Buffer.from([protocolVersion])"],
	[/\bprotocol\.SUBSCRIBE_OPTIONS_QOS\[jqos\]/g, "jqos"],
	[/\bjrh \? protocol\.SUBSCRIBE_OPTIONS_RH\[jrh\] : 0/g, "jrh << 4"],
	// Our codec does not ask whether it may write more.
	[/^ {2}(?:let result = true|return result)\n|\bresult = (?=stream\.write\(|writeString\()/gm, ""],
	// The protocol of iterators takes XS 130 bytes.
	[/^ {2}for \(const sub of subs\) \{$/gm, "  for (let i = 0; i < subs.length; i++) {\n    const sub = subs[i]"],
	// Bridges, which tell a broker that they are one by a version of their own.
	[/^ {2}if \(settings\.bridgeMode\) \{[\s\S]*?^ {2}\}$/gm, ""],
	// Numbers are made when they are needed, and not from a cache.
	[/^let writeNumber = writeNumberCached$/gm, "const writeNumber = writeNumberGenerated"],
	[/^Object\.defineProperty\(generate, 'cacheNumbers', [\s\S]*?^\}\)$/gm, ""],
];

/** What a device takes besides. A name that is not there any more would be found missing on the device. */
const TAKEN = ["connect", "subscribe", "unsubscribe", "writeNumberGenerated", "writeString", "writeStringOrBuffer"];

/** mqtt-packet's writer as a device has it. Throws if another version of mqtt-packet is written in another way. */
export function asModule(code: string, path: string): string {
	const changes = [...CONVERSIONS, ...CUTS];
	const isKnown = changes.every(([pattern]) => code.search(pattern) >= 0);
	const isWhole = TAKEN.every((name) => code.includes(`\nfunction ${name} (`));
	const module = changes.reduce((text, [pattern, by]) => text.replace(pattern, by), code);
	const isConverted = !/\brequire\(|\bmodule\.exports\b/.test(module);
	if (!isKnown || !isWhole || !isConverted) throw new Error(`mqtt-packet/${path} is not written as it was.`);
	return module;
}
