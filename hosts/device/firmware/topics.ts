const ROOT = "motehub";

/** Every command that the device obeys, under `…/command/`. */
export const COMMANDS = ["interval", "identify", "restart"] as const;
export type CommandName = (typeof COMMANDS)[number];

/**
 * The topics of one device, all below `motehub/<client id>/`:
 *
 * | topic | direction | retained | payload |
 * |---|---|---|---|
 * | `state` | out | yes | JSON: `temperature` (°C), `humidity` (%), `uptime` (s) |
 * | `interval` | out | yes | seconds between two readings, as now in force |
 * | `availability` | out | yes | `online` (birth), `offline` (will, and before a restart) |
 * | `diagnostics` | out | no | JSON: `event`, and what belongs to it |
 * | `command/interval` | in | may be | whole seconds, 1 to 3600 |
 * | `command/identify` | in | no | seconds, 1 to 60; empty: 5 |
 * | `command/restart` | in | no | anything |
 */
export class Topics {
	readonly state: string;
	readonly interval: string;
	readonly availability: string;
	readonly diagnostics: string;
	/** The filter to subscribe to. */
	readonly commands: string;

	constructor(clientId: string) {
		const base = `${ROOT}/${asLevel(clientId)}`;
		this.state = `${base}/state`;
		this.interval = `${base}/interval`;
		this.availability = `${base}/availability`;
		this.diagnostics = `${base}/diagnostics`;
		this.commands = `${base}/command/+`;
	}

	/** The last level of a command's topic. */
	commandOf(topic: string): CommandName | undefined {
		const name = topic.slice(this.commands.length - 1);
		return COMMANDS.find((command) => command === name);
	}
}

/** One topic level out of any client id: what has a meaning in topics becomes `_`. */
function asLevel(clientId: string): string {
	let level = "";
	for (const character of clientId) level += "/+#\0".includes(character) ? "_" : character;
	return level;
}
