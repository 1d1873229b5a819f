import { BROKERS } from "./broker.ts";
import type { Figures } from "./measure.ts";

const NAME_WIDTH = 40;
const FIGURE_WIDTH = 12;

/** A line of the table: a figure for each broker, and the first in terms of the second. */
export function row(name: string, figures: Figures): string {
	const cells = BROKERS.map((broker) => Math.round(figures[broker]).toLocaleString("en-US"));
	return line(name, [...cells, (figures.motehub / figures.aedes).toFixed(2)]);
}

export function heading(title: string): string {
	return line(title, [...BROKERS, "ratio"]);
}

/** One line of a table. */
export function line(name: string, cells: readonly string[]): string {
	return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(FIGURE_WIDTH)).join("");
}
