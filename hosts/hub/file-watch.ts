import { type StatWatcher, unwatchFile, watch, watchFile } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock, Millis, TimerHandle } from "../../src/ports/index.ts";

/** Editors and tools write in several steps: a change is reported when the files have been left alone so long. */
const QUIET: Millis = 200;
/** For file systems that report no changes. */
const POLL: Millis = 5_000;

/** Calls `changed` after changes of any of the files, also of those that are not there yet. Gives what ends it. */
export function watchFiles(paths: readonly string[], clock: Clock, changed: () => void): () => void {
	let timer: TimerHandle | undefined;
	const cancel = () => {
		if (timer !== undefined) clock.clearTimer(timer);
		timer = undefined;
	};
	const soon = () => {
		cancel();
		timer = clock.setTimer(() => {
			timer = undefined;
			changed();
		}, QUIET);
	};
	const watches = paths.flatMap((path) => [pollFile(path, soon), watchFolder(path, soon)]);
	return () => {
		for (const end of watches) end();
		cancel();
	};
}

function pollFile(path: string, changed: () => void): () => void {
	const poll: StatWatcher = watchFile(path, { interval: POLL, persistent: false }, changed);
	poll.unref();
	return () => unwatchFile(path, changed);
}

// The folder, because many editors put a new file in the place of the old one: a watch on the file would stay with that.
function watchFolder(path: string, changed: () => void): () => void {
	try {
		const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
			if (name === null || name === basename(path)) changed();
		});
		watcher.on("error", () => watcher.close()); // Out of watches, or the folder is gone: polling goes on.
		return () => watcher.close();
	} catch {
		return () => undefined;
	}
}
