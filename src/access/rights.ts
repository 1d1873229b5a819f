/** Who asks. */
export interface Identity {
	readonly clientId: string;
	/** Undefined: an anonymous client. */
	readonly username: string | undefined;
}

/** What one client may do. Topic names and filters must be valid (see `topic`). Answers are cached: hold on to it. */
export interface Rights {
	/** Checked for every PUBLISH, and for a will when it is published. */
	canPublish(topic: string): boolean;
	/** Checked for every delivery, live, queued or retained. */
	canRead(topic: string): boolean;
	/** Checked for every SUBSCRIBE. `$share/NAME/FILTER` is judged by its FILTER. */
	canSubscribe(filter: string): boolean;
}

/** A whole set of rules, compiled. */
export interface AccessTable {
	rightsOf(identity: Identity): Rights;
}

/** No rules: everybody may do everything. */
export const OPEN_ACCESS: AccessTable = { rightsOf: () => FULL_RIGHTS };

/** What stands in for rules that could not be read. */
export const CLOSED_ACCESS: AccessTable = { rightsOf: () => NO_RIGHTS };

const FULL_RIGHTS: Rights = { canPublish: yes, canRead: yes, canSubscribe: yes };
const NO_RIGHTS: Rights = { canPublish: no, canRead: no, canSubscribe: no };

function yes(): boolean {
	return true;
}

function no(): boolean {
	return false;
}
