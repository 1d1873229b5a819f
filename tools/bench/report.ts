import { BROKERS } from "./broker.ts";
import type { Figures } from "./measure.ts";

const NAME_WIDTH = 40;
const FIGURE_WIDTH = 12;

/** A line of the table: a figure for each broker, and the first in terms of the second. */
export function row(name: string, figures: Figures): string {
	const cells = BROKERS.map((broker) => figure(figures[broker]));
	return line(name, [...cells, (figures.motehub / figures.aedes).toFixed(2)]);
}

export function heading(title: string): string {
	return line(title, [...BROKERS, "ratio"]);
}

/** A whole number, as a table has it. */
export function figure(value: number): string {
	return Math.round(value).toLocaleString("en-US");
}

/** One line of a table. */
export function line(name: string, cells: readonly string[]): string {
	return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(FIGURE_WIDTH)).join("");
}
