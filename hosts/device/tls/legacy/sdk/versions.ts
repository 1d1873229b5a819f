import type { Versions } from "../../version.ts";
import { verifyLegacySignature } from "../signature-verifier.ts";

/** Of AES-CBC: a vector of 16, a MAC of 20, and padding. */
const EXPANSION = 16 + 20 + 256;

/** The manifest of `legacy` gives this the name `ssl/versions`. */
const VERSIONS: Versions = {
	"1.0": { name: "1.0", protocolVersion: 0x301, expansion: EXPANSION, verify: verifyLegacySignature },
	"1.1": { name: "1.1", protocolVersion: 0x302, expansion: EXPANSION, verify: verifyLegacySignature },
};

export default VERSIONS;
