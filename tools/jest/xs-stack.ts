import { SourceMap, type SourceMapPayload } from "node:module";
import { resolve } from "node:path";
import { type Script, TEST_BUNDLE } from "./xs-bundle.ts";

/** ` at name (file:line)`; the name may be missing, and native functions have no file. */
const FRAME = /^ at (?:(.*) )?\((.*):(\d+)\)$/;

/** Turns XS's stack frames, which name lines of the bundle, into V8's form, which names places in the sources. */
export class StackMapper {
	readonly #script: Script;
	readonly #frames = new Map<number, string | undefined>();
	#map: SourceMap | undefined;
	#lines: readonly string[] | undefined;

	constructor(script: Script) {
		this.#script = script;
	}

	/** Frames of the harness and of the engine itself are left out. */
	map(frames: readonly string[]): string[] {
		return frames.flatMap((frame) => {
			const [, name, file, line] = FRAME.exec(frame) ?? [];
			if (file !== TEST_BUNDLE) return [];
			const place = this.#place(Number(line));
			if (!place) return [];
			return name ? [`    at ${name} (${place})`] : [`    at ${place}`];
		});
	}

	/** XS knows no columns: the line's first statement is meant. */
	#place(line: number): string | undefined {
		if (!this.#frames.has(line)) {
			// Read only now: most files have nothing to show.
			this.#lines ??= this.#script.code.split("\n");
			this.#map ??= readMap(this.#script);
			const column = Math.max(0, (this.#lines[line - 1] ?? "").search(/\S/));
			const origin = this.#map.findEntry(line - 1, column);
			const found = "originalSource" in origin;
			this.#frames.set(
				line,
				found ? `${origin.originalSource}:${origin.originalLine + 1}:${origin.originalColumn + 1}` : undefined,
			);
		}
		return this.#frames.get(line);
	}
}

function readMap({ map }: Script): SourceMap {
	const payload = JSON.parse(map) as SourceMapPayload;
	// Relative to the root; what a plugin made up has a scheme of its own.
	const sources = payload.sources.map((source) => (source.includes(":") ? source : resolve("/", source)));
	return new SourceMap({ ...payload, sources });
}
