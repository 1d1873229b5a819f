import type { Entity, HomeAssistantOptions } from "../../../src/homeassistant/index.ts";
import { type CommandTarget, identify, setInterval } from "./commands.ts";
import { INTERVAL_RANGE } from "./settings.ts";
import type { Topics } from "./topics.ts";
import { VERSION } from "./version.ts";

/** The station as Home Assistant shows it. */
export function homeAssistantOptions(clientId: string, topics: Topics, target: CommandTarget): HomeAssistantOptions {
	return {
		device: {
			id: deviceId(clientId),
			name: clientId,
			manufacturer: "motehub",
			model: "weather station",
			softwareVersion: VERSION,
		},
		origin: { name: "motehub", softwareVersion: VERSION },
		base: topics.base,
		entities: [...READINGS, ...controls(target)],
	};
}

const READINGS: readonly Entity[] = [
	{
		platform: "sensor",
		id: "temperature",
		name: "Temperature",
		deviceClass: "temperature",
		unit: "°C",
		stateClass: "measurement",
		precision: 1,
		shared: true,
	},
	{
		platform: "sensor",
		id: "humidity",
		name: "Humidity",
		deviceClass: "humidity",
		unit: "%",
		stateClass: "measurement",
		precision: 1,
		shared: true,
	},
	{
		platform: "sensor",
		id: "signal",
		name: "Signal",
		category: "diagnostic",
		deviceClass: "signal_strength",
		unit: "dBm",
		stateClass: "measurement",
		shared: true,
	},
];

function controls(target: CommandTarget): readonly Entity[] {
	return [
		{
			platform: "number",
			id: "interval",
			name: "Interval",
			category: "config",
			deviceClass: "duration",
			unit: "s",
			min: INTERVAL_RANGE.from,
			max: INTERVAL_RANGE.to,
			mode: "box",
			onCommand: (interval) => setInterval(target, interval),
		},
		{
			platform: "button",
			id: "identify",
			name: "Identify",
			category: "config",
			deviceClass: "identify",
			takesArgument: true,
			onCommand: (argument) => identify(target, argument),
		},
		{
			platform: "button",
			id: "restart",
			name: "Restart",
			category: "config",
			deviceClass: "restart",
			takesArgument: true,
			onCommand: () => target.restart(),
		},
		{
			platform: "update",
			id: "firmware",
			name: "Firmware",
			category: "config",
			deviceClass: "firmware",
			...(target.install !== undefined && { onCommand: target.install }),
		},
	];
}

/** Home Assistant's ids are letters, digits, `_` and `-`: of any other character its code remains. */
function deviceId(clientId: string): string {
	let id = "";
	for (const character of clientId) id += isPlain(character) ? character : `_${character.codePointAt(0)?.toString(16)}`;
	return id;
}

function isPlain(character: string): boolean {
	const isDigit = character >= "0" && character <= "9";
	const isLetter = (character >= "a" && character <= "z") || (character >= "A" && character <= "Z");
	return isDigit || isLetter || character === "_" || character === "-";
}
