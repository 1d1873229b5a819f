import { transform } from "esbuild";

const SHORT_BOOLEAN = /!([01])\b/g;

/**
 * Writes `true` and `false` where esbuild has written `!0` and `!1`, which are shorter, but not for XS: three bytes of
 * bytecode for one. Throws if the module is another one then, as it would be if a text had such a thing in it.
 */
export async function withBooleans(code: string): Promise<string> {
	const written = code.replace(SHORT_BOOLEAN, (_, digit) => String(digit === "0"));
	if ((await shortened(written)) !== (await shortened(code))) throw new Error("A module has !0 or !1 in a text.");
	return written;
}

async function shortened(code: string): Promise<string> {
	return (await transform(code, { minifySyntax: true })).code;
}
