import type { PathRequest, VerifySignature } from "../../../src/tls/index.ts";
import type { TlsCase } from "../../vectors/tls-case.ts";
import { NOW } from "../../vectors/tls-certificates.ts";
import { certificate } from "./certificates.ts";

/** The host that the cases ask for unless they say otherwise. */
export const DEFAULT_HOST = "broker.example.com";

/** What a client would ask about the case. */
export function requestOf(each: TlsCase, verifySignature: VerifySignature): PathRequest {
	const { host = DEFAULT_HOST, insecure = false } = each;
	const [certificates, anchors] = [each.sent.map(certificate), each.anchors.map(certificate)];
	return { certificates, anchors, host, insecure, now: NOW, verifySignature };
}
