import { QOS_FLAGS } from "./control.ts";

/**
 * How many bytes of a PUBLISH come before its payload, as far as the first `have` of them tell: exact if it is at most
 * `have`, otherwise so many are needed to tell more. The packet starts at `start`, its body `header` bytes later.
 */
export function preambleLength(
	bytes: Uint8Array,
	start: number,
	have: number,
	header: number,
	version: number,
): number {
	const topicAt = header + 2;
	if (have < topicAt) return topicAt;
	const topicLength = ((bytes[start + header] as number) << 8) | (bytes[start + header + 1] as number);
	const messageIdLength = ((bytes[start] as number) & QOS_FLAGS) === 0 ? 0 : 2;
	let end = topicAt + topicLength + messageIdLength;
	if (version !== 5) return end;
	let length = 0;
	for (let shift = 0; shift < 28; shift += 7) {
		if (end >= have) return end + 1;
		const byte = bytes[start + end++] as number;
		length |= (byte & 0x7f) << shift;
		if (byte < 0x80) break;
	}
	return end + length; // a property length of five bytes is refused when the properties are read
}
