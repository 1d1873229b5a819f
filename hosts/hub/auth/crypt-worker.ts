import { parentPort } from "node:worker_threads";
import { encrypt } from "unixcrypt";
import type { CryptJob } from "./crypt-threads.ts";

/** A thread that computes one crypt(3) hash at a time, and answers with its digest. */
parentPort?.on("message", ({ password, setting }: CryptJob) => {
	parentPort?.postMessage(encrypt(password, setting).slice(-digestLength(setting)));
});

function digestLength(setting: string): number {
	return setting.startsWith("$5$") ? 43 : 86;
}
