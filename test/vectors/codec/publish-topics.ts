import type { Vector } from "./vector.ts";

/** QoS 0, payload "x". */
function topic(text: string, hex: string): Vector {
	return {
		name: `PUBLISH to ${JSON.stringify(text)}`,
		versions: [3, 4],
		from: "both",
		hex,
		packet: {
			cmd: "publish",
			topic: text,
			qos: 0,
			retain: false,
			dup: false,
			messageId: undefined,
			properties: undefined,
			payload: new Uint8Array([0x78]),
		},
	};
}

/** Topics at the edges: the first and last characters of each UTF-8 length, and lengths around those read at once. */
export const PUBLISH_TOPICS: readonly Vector[] = [
	topic("\u{7f}", "300400017f78"),
	topic("\u{80}", "30050002c28078"),
	topic("\u{7ff}", "30050002dfbf78"),
	topic("\u{800}", "30060003e0a08078"),
	topic("\u{d7ff}", "30060003ed9fbf78"),
	topic("\u{e000}", "30060003ee808078"),
	topic("\u{feff}", "30060003efbbbf78"),
	topic("\u{ffff}", "30060003efbfbf78"),
	topic("\u{10000}", "30070004f090808078"),
	topic("\u{10ffff}", "30070004f48fbfbf78"),
	topic("é", "30050002c3a978"),
	topic("aé", "3006000361c3a978"),
	topic("abcdefgé", "300c000961626364656667c3a978"),
	topic("abcdefghé", "300d000a6162636465666768c3a978"),
	topic("abcdefgh€", "300e000b6162636465666768e282ac78"),
	topic(
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxé",
		"302d002a78787878787878787878787878787878787878787878787878787878787878787878787878787878c3a978",
	),
	topic(
		"ééééééééééééééééééééééééééééééééé",
		"30450042c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a978",
	),
	topic(
		"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
		"3083010080f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f988078",
	),
	topic(
		"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
		"3087010084f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f9880f09f988078",
	),
	topic("/", "300400012f78"),
	topic("//", "300500022f2f78"),
	topic("a//b", "30070004612f2f6278"),
	topic(" ", "300400012078"),
	topic("$SYS/a", "30090006245359532f6178"),
	topic("a b", "3006000361206278"),
	topic("abcdefg", "300a00076162636465666778"),
	topic("abcdefgh", "300b0008616263646566676878"),
	topic("abcdefghi", "300c000961626364656667686978"),
	topic("abcdefghijklmno", "3012000f6162636465666768696a6b6c6d6e6f78"),
	topic("abcdefghijklmnop", "301300106162636465666768696a6b6c6d6e6f7078"),
	topic("abcdefghijklmnopq", "301400116162636465666768696a6b6c6d6e6f707178"),
];
