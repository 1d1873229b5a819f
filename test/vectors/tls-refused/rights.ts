import type { RefusedCase } from "../tls-case.ts";

const CHAIN = ["leaf", "intermediate"] as const;

/** Refused for what a certificate may be used for, and how long a path may be. */
export const REFUSED_FOR_RIGHTS: readonly RefusedCase[] = [
	{
		title: "an intermediate that is not a CA",
		sent: ["leaf", "intermediateNotCa"],
		anchors: ["root"],
		reason: "not-a-ca",
		names: "CN=Intermediate",
	},
	{
		title: "an intermediate without basic constraints",
		sent: ["leaf", "intermediateNoConstraints"],
		anchors: ["root"],
		reason: "not-a-ca",
	},
	{
		title: "an intermediate that may not sign certificates",
		sent: ["leaf", "intermediateNoSigning"],
		anchors: ["root"],
		reason: "not-a-ca",
	},
	{
		title: "an intermediate of X.509 version 1",
		sent: ["leaf", "intermediateVersion1"],
		anchors: ["root"],
		reason: "not-a-ca",
	},
	{
		title: "a leaf that issues",
		sent: ["leafFromLeaf", "leaf", "intermediate"],
		anchors: ["root"],
		reason: "not-a-ca",
		names: "CN=Broker",
	},
	{
		title: "a pinned certificate that issues",
		sent: ["leafFromLeaf"],
		anchors: ["leaf"],
		reason: "not-a-ca",
		names: "CN=Broker",
	},
	{
		title: "a bundled certificate without CA rights",
		sent: CHAIN,
		anchors: ["rootNotCa"],
		reason: "not-a-ca",
		names: "CN=Root",
	},
	{
		title: "a bundled root of X.509 version 1",
		sent: CHAIN,
		anchors: ["rootVersion1"],
		reason: "not-a-ca",
		names: "CN=Root",
	},
	{
		title: "more intermediates than the root allows",
		sent: CHAIN,
		anchors: ["rootPathLength0"],
		reason: "path-too-long",
		names: "CN=Root",
	},
	{
		title: "more intermediates than an intermediate allows",
		sent: ["leafSecond", "second", "intermediatePathLength0"],
		anchors: ["root"],
		reason: "path-too-long",
		names: "CN=Intermediate",
	},
	{
		title: "a longer path than is followed",
		sent: ["leafLevel5", "level5", "level4", "level3", "level2", "level1"],
		anchors: ["root"],
		reason: "over-limit",
	},
	{
		title: "CA certificates that issue each other in a circle",
		sent: ["leafLoop", "loopA", "loopB"],
		anchors: ["root"],
		reason: "unknown-ca",
	},
	{
		title: "a leaf for clients",
		sent: ["leafClient", "intermediate"],
		anchors: ["root"],
		reason: "wrong-purpose",
		names: "CN=Broker",
	},
	{
		title: "a leaf that may only sign certificates",
		sent: ["leafSigningUsage", "intermediate"],
		anchors: ["root"],
		reason: "wrong-purpose",
	},
	{
		title: "an EC leaf for key encipherment alone",
		sent: ["leafEncipherOnly", "intermediate"],
		anchors: ["root"],
		reason: "wrong-purpose",
	},
	{
		title: "an intermediate for mail",
		sent: ["leaf", "intermediateEmail"],
		anchors: ["root"],
		reason: "wrong-purpose",
		names: "CN=Intermediate",
	},
	{
		title: "an unknown critical extension in the leaf",
		sent: ["leafCritical", "intermediate"],
		anchors: ["root"],
		reason: "unknown-critical-extension",
		names: "1.2.3.4",
	},
	{
		title: "an unknown critical extension in the intermediate",
		sent: ["leaf", "intermediateCritical"],
		anchors: ["root"],
		reason: "unknown-critical-extension",
		names: "CN=Intermediate",
	},
];
