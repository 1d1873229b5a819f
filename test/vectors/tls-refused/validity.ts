import type { RefusedCase } from "../tls-case.ts";

/** Refused for dates. */
export const REFUSED_FOR_VALIDITY: readonly RefusedCase[] = [
	{
		title: "an expired leaf",
		sent: ["leafExpired", "intermediate"],
		anchors: ["root"],
		reason: "expired",
		names: "CN=Broker",
	},
	{
		title: "a leaf not yet valid",
		sent: ["leafFuture", "intermediate"],
		anchors: ["root"],
		reason: "not-yet-valid",
		names: "CN=Broker",
	},
	{
		title: "an expired intermediate",
		sent: ["leaf", "intermediateExpired"],
		anchors: ["root"],
		reason: "expired",
		names: "CN=Intermediate",
	},
	{
		title: "an intermediate not yet valid",
		sent: ["leaf", "intermediateFuture"],
		anchors: ["root"],
		reason: "not-yet-valid",
		names: "CN=Intermediate",
	},
	{
		title: "an expired pinned certificate",
		sent: ["pinnedExpired"],
		anchors: ["pinnedExpired"],
		reason: "expired",
		names: "CN=Pinned",
	},
];
