/**
 * What Home Assistant's MQTT documentation says of discovery messages: for each platform its keys (home-assistant.io,
 * integrations/mqtt and integrations/PLATFORM.mqtt), and the abbreviations that stand for them.
 */

export type KeyType = "string" | "topic" | "number" | "boolean" | "strings" | "nullable string";

export interface Schema {
	readonly required: Readonly<Record<string, KeyType>>;
	readonly optional: Readonly<Record<string, KeyType>>;
}

export const ABBREVIATIONS: Readonly<Record<string, string>> = {
	atype: "automation_type",
	avty_t: "availability_topic",
	cmd_t: "command_topic",
	cmps: "components",
	def_ent_id: "default_entity_id",
	dev: "device",
	dev_cla: "device_class",
	en: "enabled_by_default",
	ent_cat: "entity_category",
	exp_aft: "expire_after",
	frc_upd: "force_update",
	ic: "icon",
	o: "origin",
	off_dly: "off_delay",
	ops: "options",
	p: "platform",
	pl: "payload",
	stat_cla: "state_class",
	stat_t: "state_topic",
	stype: "subtype",
	t: "topic",
	uniq_id: "unique_id",
	unit_of_meas: "unit_of_measurement",
	val_tpl: "value_template",
};

export const DEVICE_ABBREVIATIONS: Readonly<Record<string, string>> = {
	cu: "configuration_url",
	hw: "hw_version",
	ids: "identifiers",
	mdl: "model",
	mf: "manufacturer",
	sa: "suggested_area",
	sn: "serial_number",
	sw: "sw_version",
};

export const ORIGIN_ABBREVIATIONS: Readonly<Record<string, string>> = { sw: "sw_version", url: "support_url" };

export const DEVICE: Schema = {
	required: { identifiers: "strings" },
	optional: {
		configuration_url: "string",
		hw_version: "string",
		manufacturer: "string",
		model: "string",
		name: "string",
		serial_number: "string",
		suggested_area: "string",
		sw_version: "string",
	},
};

export const ORIGIN: Schema = {
	required: { name: "string" },
	optional: { sw_version: "string", support_url: "string" },
};

const COMMON = {
	default_entity_id: "string",
	enabled_by_default: "boolean",
	entity_category: "string",
	icon: "string",
	name: "nullable string",
} as const;
const CLASSIFIED = { ...COMMON, device_class: "string" } as const;
const ENTITY = { platform: "string", unique_id: "string" } as const;

export const COMPONENTS: Readonly<Record<string, Schema>> = {
	sensor: {
		required: { ...ENTITY, state_topic: "topic" },
		optional: {
			...CLASSIFIED,
			expire_after: "number",
			force_update: "boolean",
			options: "strings",
			state_class: "string",
			suggested_display_precision: "number",
			unit_of_measurement: "string",
			value_template: "string",
		},
	},
	binary_sensor: {
		required: { ...ENTITY, state_topic: "topic" },
		optional: { ...CLASSIFIED, expire_after: "number", off_delay: "number" },
	},
	switch: { required: { ...ENTITY, command_topic: "topic" }, optional: { ...CLASSIFIED, state_topic: "topic" } },
	light: {
		required: { ...ENTITY, command_topic: "topic", schema: "string" },
		optional: {
			...COMMON,
			state_topic: "topic",
			brightness: "boolean",
			color_temp_kelvin: "boolean",
			effect: "boolean",
			effect_list: "strings",
			max_kelvin: "number",
			min_kelvin: "number",
			supported_color_modes: "strings",
		},
	},
	number: {
		required: { ...ENTITY, command_topic: "topic" },
		optional: {
			...CLASSIFIED,
			state_topic: "topic",
			max: "number",
			min: "number",
			mode: "string",
			step: "number",
			unit_of_measurement: "string",
		},
	},
	select: {
		required: { ...ENTITY, command_topic: "topic", options: "strings" },
		optional: { ...COMMON, state_topic: "topic" },
	},
	button: { required: { ...ENTITY, command_topic: "topic" }, optional: { ...CLASSIFIED, payload_press: "string" } },
	text: {
		required: { ...ENTITY, command_topic: "topic" },
		optional: { ...COMMON, state_topic: "topic", max: "number", min: "number", mode: "string", pattern: "string" },
	},
	update: {
		required: { ...ENTITY, state_topic: "topic" },
		optional: {
			...CLASSIFIED,
			command_topic: "topic",
			payload_install: "string",
			release_url: "string",
			title: "string",
		},
	},
	device_automation: {
		required: { platform: "string", automation_type: "string", topic: "topic", type: "string", subtype: "string" },
		optional: { payload: "string" },
	},
};
