import type { AccessControl } from "../../src/broker/index.ts";
import type { Authenticate } from "./authenticator.ts";
import type { HubOptions } from "./hub-options.ts";

/** What a program can give a hub beside its settings, because no file can hold it. */
export interface HubAdditions extends Pick<HubOptions, "log" | "serverKeepAlive"> {
	/**
	 * More listeners by name, such as attached ones. One that the settings name as well takes the place of theirs, and they
	 * say whether it lets anonymous clients in; any other lets in only whom the settings know.
	 */
	readonly listeners?: HubOptions["listeners"];
	/** What decides who gets in, made of what decides by the settings. */
	readonly authenticate?: (bySettings: Authenticate) => Authenticate;
	/** Methods of enhanced authentication that `authenticate` can carry out beside those of the settings. */
	readonly authenticationMethods?: readonly string[];
	/** The rights, made of those by the settings. */
	readonly access?: (bySettings: AccessControl) => AccessControl;
	/**
	 * Gets a text about the password that the hub made or keeps for `auth: generated_user`, before anything listens.
	 * Default: only `ConfiguredHub.credentials` has it.
	 */
	readonly announce?: (text: string) => void;
}
