import type { Entity, TriggerEntity } from "./entity.ts";
import { colorModes } from "./light.ts";
import type { DeviceTopics } from "./topics.ts";

/** A component of a discovery message, in Home Assistant's abbreviated keys. Undefined values are left out of the JSON. */
export type Component = Readonly<Record<string, unknown>>;

/** What a trigger publishes when it fires. */
export const TRIGGERED = "PRESS";
/** What Home Assistant sends to buttons and to updates. */
export const PRESS = "PRESS";
export const INSTALL = "INSTALL";

/** Describes one entity as Home Assistant's MQTT discovery documents it for its platform. */
export function componentOf(deviceId: string, entity: Entity, topics: DeviceTopics): Component {
	if (entity.platform === "device_automation") return triggerComponent(entity, topics);
	const { id, name, icon, category, deviceClass, enabledByDefault, defaultEntityId } = entity;
	return {
		p: entity.platform,
		uniq_id: `${deviceId}_${id}`,
		name,
		ic: icon,
		ent_cat: category,
		dev_cla: deviceClass,
		en: enabledByDefault,
		def_ent_id: defaultEntityId,
		...platformKeys(entity, topics),
	};
}

/** Where an entity's state is published. */
export function stateTopic(entity: Entity, topics: DeviceTopics): string {
	return isShared(entity) ? topics.shared : topics.state(entity.id);
}

export function isShared(entity: Entity): boolean {
	return entity.platform === "sensor" && entity.shared === true;
}

function triggerComponent({ id, platform, type, subtype }: TriggerEntity, topics: DeviceTopics): Component {
	return { p: platform, atype: "trigger", t: topics.state(id), type, stype: subtype, pl: TRIGGERED };
}

function platformKeys(entity: Exclude<Entity, TriggerEntity>, topics: DeviceTopics): Component {
	const stat_t = stateTopic(entity, topics);
	const cmd_t = topics.command(entity.id);
	switch (entity.platform) {
		case "sensor":
			return {
				stat_t,
				val_tpl: entity.shared === true ? `{{ value_json['${entity.id}'] }}` : undefined,
				unit_of_meas: entity.unit,
				stat_cla: entity.stateClass,
				suggested_display_precision: entity.precision,
				ops: entity.options,
				exp_aft: entity.expireAfter,
				frc_upd: entity.forceUpdate,
			};
		case "binary_sensor":
			return { stat_t, exp_aft: entity.expireAfter, off_dly: entity.offDelay };
		case "switch":
			return { stat_t, cmd_t };
		case "light": {
			const { brightness, colorTemperature, rgb, effects } = entity;
			return {
				stat_t,
				cmd_t,
				schema: "json",
				brightness: brightness === true || rgb === true || colorTemperature !== undefined,
				supported_color_modes: colorModes(entity),
				...(colorTemperature !== undefined && {
					color_temp_kelvin: true,
					min_kelvin: colorTemperature.min,
					max_kelvin: colorTemperature.max,
				}),
				...(effects !== undefined && { effect: true, effect_list: effects }),
			};
		}
		case "number": {
			const { min, max, step, mode, unit } = entity;
			return { stat_t, cmd_t, min, max, step, mode, unit_of_meas: unit };
		}
		case "select":
			return { stat_t, cmd_t, ops: entity.options };
		case "button":
			return { cmd_t, payload_press: PRESS };
		case "text": {
			const { min, max, pattern, mode } = entity;
			return { stat_t, cmd_t, min, max, pattern, mode };
		}
		case "update": {
			const { title, releaseUrl, onCommand } = entity;
			const install = onCommand === undefined ? {} : { cmd_t, payload_install: INSTALL };
			return { stat_t, title, release_url: releaseUrl, ...install };
		}
	}
}
