/** What can be counted in the engine, in the order of the numbers that stand for it. */
export const OPERATIONS = [
	"nothing",
	"collect",
	"connect",
	"receive",
	"publishQos0",
	"publishQos1",
	"keepQos1",
	"keepQos1Late",
	"decode",
	"encode",
	"parse",
	"generateQos0",
	"generateQos1",
	"subscribeToMany",
	"turn",
] as const;

/** In the place of an operation's number: whose slots those of the connected client are. */
export const CENSUS = 0xffff;

export type Operation = (typeof OPERATIONS)[number];
