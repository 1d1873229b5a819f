const ROOT = "motehub";

/**
 * The topics of one device, all below `motehub/<client id>/`; Home Assistant finds them by discovery:
 *
 * | topic | direction | retained | payload |
 * |---|---|---|---|
 * | `state` | out | yes | JSON: `temperature` (°C), `humidity` (%), `uptime` (s), `signal` (dBm, or null) |
 * | `interval` | out | yes | seconds between two readings, as now in force |
 * | `firmware` | out | yes | JSON: `installed_version`, `latest_version`, and an update's progress |
 * | `availability` | out | yes | `online` (birth), `offline` (will, and before a restart) |
 * | `diagnostics` | out | no | JSON: `event`, and what belongs to it |
 * | `command/interval` | in | may be | whole seconds, 1 to 3600 |
 * | `command/identify` | in | no | seconds, 1 to 60; `PRESS` or empty: 5 |
 * | `command/restart` | in | no | anything |
 * | `command/firmware` | in | no | `INSTALL`: begin the update that is offered |
 * | `update` | in | yes | JSON, an offer: `version`, `size` (bytes), `sha256` (hex), and maybe `summary`, `topic` |
 * | `update/image` | in | yes | the image, unless the offer names another `topic` |
 */
export class Topics {
	/** What all of them begin with. */
	readonly base: string;
	readonly diagnostics: string;
	readonly update: string;

	constructor(clientId: string) {
		this.base = `${ROOT}/${asLevel(clientId)}`;
		this.diagnostics = `${this.base}/diagnostics`;
		this.update = `${this.base}/update`;
	}
}

/** One topic level out of any client id: what has a meaning in topics becomes `_`. */
function asLevel(clientId: string): string {
	let level = "";
	for (const character of clientId) level += "/+#\0".includes(character) ? "_" : character;
	return level;
}
