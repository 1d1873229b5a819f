import { INSTALL, PRESS } from "./component.ts";
import type { Entity, NumberEntity } from "./entity.ts";
import { parseLightCommand } from "./light.ts";
import { isWithin, numberOf } from "./numbers.ts";

/** Thrown by an entity's handler: the command cannot be obeyed. The message says why, for whoever sent it. */
export class CommandError extends Error {
	override name = "CommandError";
}

/** A command that the entity can obey: `run` calls its handler. Or why it cannot. */
export type Command = { readonly run: () => void } | { readonly fault: string };

const ONCE = "is retained: it would be obeyed again at every start";

/** Reads what arrived on an entity's command topic. */
export function commandOf(entity: Entity, text: string, retain: boolean): Command {
	switch (entity.platform) {
		case "switch":
			if (text === "ON" || text === "OFF") return { run: () => entity.onCommand(text === "ON") };
			return { fault: "is neither ON nor OFF" };
		case "light": {
			const command = parseLightCommand(entity, text);
			return command === undefined
				? { fault: "is no command for this light" }
				: { run: () => entity.onCommand(command) };
		}
		case "number":
			return numberCommand(entity, text);
		case "select":
			if (entity.options.includes(text)) return { run: () => entity.onCommand(text) };
			return { fault: `is none of ${entity.options.join(", ")}` };
		case "text":
			if (text.length >= (entity.min ?? 0) && text.length <= (entity.max ?? 255))
				return { run: () => entity.onCommand(text) };
			return { fault: `must have ${entity.min ?? 0} to ${entity.max ?? 255} characters` };
		case "button":
			if (retain) return { fault: ONCE };
			if (text === PRESS) return { run: () => entity.onCommand("") };
			return entity.takesArgument === true ? { run: () => entity.onCommand(text) } : { fault: `is not ${PRESS}` };
		case "update":
			if (retain) return { fault: ONCE };
			if (text !== INSTALL || entity.onCommand === undefined) return { fault: `is not ${INSTALL}` };
			return { run: () => entity.onCommand?.() };
		case "sensor":
		case "binary_sensor":
		case "device_automation":
			return { fault: `came for a ${entity.platform}, which takes no commands` };
	}
}

function numberCommand(entity: NumberEntity, text: string): Command {
	const value = numberOf(text);
	if (isWithin(value, entity.min, entity.max)) return { run: () => entity.onCommand(value) };
	return { fault: `is no number from ${entity.min} to ${entity.max}` };
}
