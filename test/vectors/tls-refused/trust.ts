import type { RefusedCase } from "../tls-case.ts";

const CHAIN = ["leaf", "intermediate"] as const;

/** Refused for no bundled certificate leads to the server's, or a signature is not what it seems. */
export const REFUSED_FOR_TRUST: readonly RefusedCase[] = [
	{ title: "no certificate", sent: [], anchors: ["root"], reason: "no-certificate" },
	{ title: "an unknown CA", sent: ["leafOther"], anchors: ["root"], reason: "unknown-ca", names: "Other root" },
	{
		title: "an unknown CA, sent along",
		sent: ["leafOther", "otherRoot"],
		anchors: ["root"],
		reason: "unknown-ca",
		names: "Other root",
	},
	{ title: "an empty bundle", sent: CHAIN, anchors: [], reason: "unknown-ca", names: "CN=Root" },
	{
		title: "a missing intermediate",
		sent: ["leaf"],
		anchors: ["root"],
		reason: "unknown-ca",
		names: "CN=Intermediate",
	},
	{
		title: "a self-signed certificate",
		sent: ["selfSigned"],
		anchors: ["root"],
		reason: "self-signed",
		names: "CN=Broker",
	},
	{
		title: "a self-signed certificate with the root's name",
		sent: ["selfSignedLikeRoot"],
		anchors: ["root"],
		reason: "self-signed",
		names: "CN=Root",
	},
	{
		title: "a self-signed certificate followed by a genuine chain",
		sent: ["selfSigned", "intermediate", "root"],
		anchors: ["root"],
		reason: "self-signed",
	},
	{
		title: "a certificate that is not quite the pinned one",
		sent: ["pinnedSha1"],
		anchors: ["pinned"],
		reason: "self-signed",
	},
	{
		title: "a forged leaf",
		sent: ["leafForgedDirect"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Broker",
	},
	{
		title: "a forged leaf followed by a genuine CA certificate",
		sent: ["leafForged", "intermediate"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Broker",
	},
	{
		title: "a forged leaf followed by the genuine root",
		sent: ["leafForgedDirect", "root"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Broker",
	},
	{
		title: "a forged leaf followed by a whole genuine chain",
		sent: ["leafForgedDirect", "leaf", "intermediate"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Broker",
	},
	{
		title: "a forged chain with the forged CA sent along",
		sent: ["leafForgedDirect", "rogueRoot"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Broker",
	},
	{
		title: "a forged intermediate",
		sent: ["leaf", "intermediateForged"],
		anchors: ["root"],
		reason: "bad-signature",
		names: "CN=Intermediate",
	},
	{
		title: "the other one of two roots with the same name",
		sent: ["leafTwin"],
		anchors: ["root"],
		reason: "bad-signature",
	},
];
