import Resource from "Resource";
import { UsageError } from "../../../src/codec/index.ts";

/** A file that `npm run ca` has put into flash. It stays there. Throws UsageError that names the setting if it is missing. */
export function bundled(setting: string, name: string): Uint8Array {
	if (Resource.exists(name)) return new Uint8Array(new Resource(name));
	throw new UsageError(`config: mqtt.${setting}: ${JSON.stringify(name)} is not bundled: run npm run ca`);
}
