import type { RefusedCase } from "../tls-case.ts";

/** Refused for what `insecure` does not drop. */
export const REFUSED_THOUGH_INSECURE: readonly RefusedCase[] = [
	{
		title: "an unknown CA, when insecure",
		sent: ["leafOther"],
		anchors: ["root"],
		insecure: true,
		reason: "unknown-ca",
	},
	{
		title: "a self-signed certificate, when insecure",
		sent: ["selfSigned"],
		anchors: ["root"],
		insecure: true,
		reason: "self-signed",
	},
	{
		title: "an expired leaf, when insecure",
		sent: ["leafExpired", "intermediate"],
		anchors: ["root"],
		insecure: true,
		reason: "expired",
	},
	{
		title: "a forged leaf, when insecure",
		sent: ["leafForged", "intermediate"],
		anchors: ["root"],
		insecure: true,
		reason: "bad-signature",
	},
	{
		title: "an expired pinned certificate, when insecure",
		sent: ["pinnedExpired"],
		anchors: ["pinnedExpired"],
		insecure: true,
		reason: "expired",
	},
];
