import type { Versions } from "../../version.ts";
import { verifyLegacySignature } from "../signature-verifier.ts";

/** The manifest of `legacy` gives this the name `ssl/versions`. */
const VERSIONS: Versions = {
	"1.0": { name: "1.0", protocolVersion: 0x301, verify: verifyLegacySignature },
	"1.1": { name: "1.1", protocolVersion: 0x302, verify: verifyLegacySignature },
};

export default VERSIONS;
