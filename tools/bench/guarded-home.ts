import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { stringify } from "yaml";
import { runPasswd } from "../../hosts/hub/auth/index.ts";
import { pairName } from "./pair.ts";
import { IDLE_USER, type Workload } from "./workload.ts";

/** The configuration of a hub with everything on that a household may have. */
export interface GuardedHome {
	/** The YAML file. */
	readonly file: string;
	/** Of every user. */
	readonly password: string;
}

/** Rules of every kind. Those that let the load through are patterns, like those of most homes. */
const ACL = `# what everybody may see
topic read $SYS/#
pattern read status/#

user ${pairName(0)}
topic deny bench/+/private
topic readwrite house/+/light/#

user operator
topic readwrite #

pattern readwrite bench/%u/#
pattern write log/%c
pattern deny secret/%u/#
`;

/** Never reached: what it costs to ask is measured, not what it costs to wait. */
const MESSAGES_PER_SECOND = 10_000_000;

/** Writes the configuration with its password and ACL file into the folder. Data goes there as well. */
export async function writeGuardedHome(folder: string, workloads: readonly Workload[]): Promise<GuardedHome> {
	mkdirSync(folder, { recursive: true });
	const password = randomBytes(12).toString("base64url");
	const pairs = Math.max(...workloads.map((workload) => workload.pairs));
	const users = [...Array.from({ length: pairs }, (_, index) => pairName(index)), IDLE_USER];
	for (const user of users) await addUser(join(folder, "passwords"), user, password);
	writeFileSync(join(folder, "acl"), ACL);
	const file = join(folder, "motehub.yaml");
	writeFileSync(file, stringify(configuration(folder)));
	return { file, password };
}

function configuration(folder: string): unknown {
	return {
		listeners: { home: { type: "tcp", bind: "127.0.0.1:0", max_connections: 20_000, max_packet: "1 MiB" } },
		auth: { password_file: "passwords" },
		acl: { file: "acl" },
		store: { type: "lmdb" },
		limits: {
			connections: 20_000,
			connections_per_address: 20_000,
			messages_per_second: MESSAGES_PER_SECOND,
			queue_messages: 10_000,
			retained_messages: 10_000,
			subscriptions: 1_000,
		},
		http: { bind: "127.0.0.1:0" },
		sys_interval: 1,
		data: folder,
	};
}

async function addUser(file: string, user: string, password: string): Promise<void> {
	const said: string[] = [];
	const terminal = { input: Readable.from([`${password}\n`]), output: { write: (text: string) => said.push(text) } };
	const exitCode = await runPasswd({ file, user, remove: false }, terminal);
	if (exitCode !== 0) throw new Error(said.join(""));
}
