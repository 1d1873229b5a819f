import { ALERT } from "./alerts.ts";

/** The handshake or a record is not to be accepted. The message is for a person; `alert` is what the server is told. */
export class TlsError extends Error {
	override name = "TlsError";
	/** AlertDescription of RFC 5246 section 7.2. */
	readonly alert: number;

	constructor(message: string, alert: number = ALERT.decodeError) {
		super(message);
		this.alert = alert;
	}
}
