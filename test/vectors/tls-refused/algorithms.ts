import type { RefusedCase } from "../tls-case.ts";

/** Refused for signatures and keys that do not protect, or that are unknown. */
export const REFUSED_FOR_ALGORITHMS: readonly RefusedCase[] = [
	{ title: "SHA-1 with ECDSA", sent: ["leafSha1", "intermediate"], anchors: ["root"], reason: "weak-algorithm" },
	{
		title: "SHA-1 with RSA",
		sent: ["leafUnderRsaSha1", "intermediateRsa"],
		anchors: ["rootRsa"],
		reason: "weak-algorithm",
	},
	{
		title: "SHA-1 in the intermediate",
		sent: ["leaf", "intermediateSha1"],
		anchors: ["root"],
		reason: "weak-algorithm",
	},
	{ title: "MD5", sent: ["leafUnderRsaMd5", "intermediateRsa"], anchors: ["rootRsa"], reason: "weak-algorithm" },
	{
		title: "RSA-PSS",
		sent: ["leafUnderRsaPss", "intermediateRsa"],
		anchors: ["rootRsa"],
		reason: "unsupported-algorithm",
	},
	{
		title: "a leaf with RSA of 1,024 bits",
		sent: ["leafRsa1024", "intermediate"],
		anchors: ["root"],
		reason: "weak-algorithm",
	},
	{ title: "a root with RSA of 1,024 bits", sent: ["leafShort"], anchors: ["rootShort"], reason: "weak-algorithm" },
	{ title: "Ed25519", sent: ["leafEd25519", "intermediate"], anchors: ["root"], reason: "unsupported-algorithm" },
	{ title: "P-521", sent: ["leafP521", "intermediate"], anchors: ["root"], reason: "unsupported-algorithm" },
	{
		title: "a curve of the certificate's own",
		sent: ["leafOwnCurve", "intermediate"],
		anchors: ["root"],
		reason: "unsupported-algorithm",
	},
];
