/** What every entity of Home Assistant has. Triggers are none. */
export interface EntityCommon {
	/** Letters, digits, `_` and `-`. Part of the unique id and of the topics: keep it when the name changes. */
	readonly id: string;
	/** Shown by Home Assistant behind the device's name. Null: the device's own name, for its one main feature. */
	readonly name: string | null;
	/** For instance `mdi:thermometer`. */
	readonly icon?: `${string}:${string}`;
	/** Default: a main feature of the device. */
	readonly category?: "config" | "diagnostic";
	/** False: hidden until the user enables it. */
	readonly enabledByDefault?: boolean;
	/** What Home Assistant calls it at first, for instance `sensor.kitchen_climate`. Default: made from the names. */
	readonly defaultEntityId?: `${string}.${string}`;
}
