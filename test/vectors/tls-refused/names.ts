import type { RefusedCase } from "../tls-case.ts";

const CHAIN = ["leaf", "intermediate"] as const;

/** Refused for the host, or the names that a CA may certify. */
export const REFUSED_FOR_NAMES: readonly RefusedCase[] = [
	{
		title: "another host",
		sent: CHAIN,
		anchors: ["root"],
		host: "evil.example",
		reason: "wrong-host",
		names: "CN=Broker",
	},
	{ title: "another address", sent: CHAIN, anchors: ["root"], host: "192.0.2.2", reason: "wrong-host" },
	{
		title: "two labels for a wildcard",
		sent: CHAIN,
		anchors: ["root"],
		host: "a.b.wild.example.com",
		reason: "wrong-host",
	},
	{ title: "no label for a wildcard", sent: CHAIN, anchors: ["root"], host: "wild.example.com", reason: "wrong-host" },
	{ title: "something that is no host", sent: CHAIN, anchors: ["root"], host: "broker example", reason: "wrong-host" },
	{
		title: "a host by common name alone",
		sent: ["leafNoSan", "intermediate"],
		anchors: ["root"],
		reason: "wrong-host",
		names: "CN=broker.example.com",
	},
	{
		title: "an address by common name alone",
		sent: ["leafNoSanAddress", "intermediate"],
		anchors: ["root"],
		host: "192.0.2.1",
		reason: "wrong-host",
	},
	{
		title: "an address that is written as a DNS name",
		sent: ["leafAddressAsName", "intermediate"],
		anchors: ["root"],
		host: "192.0.2.1",
		reason: "wrong-host",
	},
	{ title: "a host up to a NUL", sent: ["leafNul", "intermediate"], anchors: ["root"], reason: "wrong-host" },
	{
		title: "another host of a pinned certificate",
		sent: ["pinned"],
		anchors: ["pinned"],
		host: "evil.example",
		reason: "wrong-host",
	},
	{
		title: "names outside the permitted ones",
		sent: ["leaf", "intermediateElsewhere"],
		anchors: ["root"],
		reason: "name-constraint",
		names: "CN=Intermediate",
	},
	{ title: "an excluded name", sent: ["leaf", "intermediateExcluded"], anchors: ["root"], reason: "name-constraint" },
	{
		title: "a wildcard that reaches an excluded name",
		sent: ["leafWildcard", "intermediateExcluded"],
		anchors: ["root"],
		reason: "name-constraint",
	},
	{
		title: "an address where none is permitted",
		sent: ["leaf", "intermediateNoAddresses"],
		anchors: ["root"],
		reason: "name-constraint",
	},
	{
		title: "a name outside those permitted to the root",
		sent: ["leafDirect"],
		anchors: ["rootConstrained"],
		reason: "name-constraint",
		names: "CN=Root",
	},
	{
		title: "a constraint that cannot be compared",
		sent: ["leafMail", "intermediateConstrainsMail"],
		anchors: ["root"],
		reason: "name-constraint",
	},
];
