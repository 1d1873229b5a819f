import {
	closeSync,
	fchmodSync,
	fchownSync,
	fsyncSync,
	openSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file whole or not at all, also across a power cut. It keeps the mode and the owner of the file that it
 * replaces; a new one is its owner's alone. Throws what the file system says.
 */
export function replaceFile(path: string, text: string): void {
	const target = resolveLinks(path);
	const draft = `${target}.${process.pid}.new`;
	try {
		rmSync(draft, { force: true });
		writeDraft(draft, text, statSync(target, { throwIfNoEntry: false }));
		renameSync(draft, target);
		syncFolder(dirname(target));
	} catch (error) {
		rmSync(draft, { force: true });
		throw error;
	}
}

function writeDraft(draft: string, text: string, old: { mode: number; uid: number; gid: number } | undefined): void {
	const file = openSync(draft, "wx", 0o600);
	try {
		if (old !== undefined && process.platform !== "win32") {
			// A file that the broker's own account can no longer read would lock everybody out.
			if (old.uid !== process.getuid?.() || old.gid !== process.getgid?.()) fchownSync(file, old.uid, old.gid);
			fchmodSync(file, old.mode & 0o777);
		}
		writeSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

// A link stays a link: what it points at is replaced.
function resolveLinks(path: string): string {
	return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
}

function syncFolder(folder: string): void {
	if (process.platform === "win32") return;
	const handle = openSync(folder, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
