import { open, type RootDatabase } from "lmdb";

/** A database of bytes by bytes. */
export type Environment = RootDatabase<Uint8Array, Uint8Array>;

/**
 * Opens an LMDB database as we use it everywhere: one tree, keys and values of bytes.
 *
 * When is a commit durable, against a power cut and not only against the end of the process? LMDB's `mdb_txn_commit`
 * writes the new pages, has the system flush them to the medium (fdatasync), and only then writes the page that makes
 * them the current state, through a descriptor opened with O_DSYNC; then it returns (lmdb.h: MDB_NOSYNC and
 * MDB_NOMETASYNC, which we do not set, are what would weaken that). lmdb-js by default sets `overlappingSync`, with
 * which a commit becomes visible first and is flushed later: its README (section "Overlapping Sync Options") says that
 * the promise of `put` then stands for the commit, and `flushed` for the disk. We turn it off, and commit by
 * `transactionSync`, which returns when `mdb_txn_commit` has.
 */
export function openEnvironment(path: string): Environment {
	const options = {
		path,
		noSubdir: true,
		overlappingSync: false,
		encoding: "binary",
		keyEncoding: "binary",
		permissionsMode: 0o600, // known to lmdb-js, missing in its types
	} as const;
	return open<Uint8Array, Uint8Array>(options);
}
