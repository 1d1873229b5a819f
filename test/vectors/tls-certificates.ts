/** The time at which the certificates below are used: 2030-03-17T17:46:40Z, in seconds since 1970. */
export const NOW = 1_900_000_000;

/** Keys by name, and their kind. */
export const KEYS = {
	root: "P-256",
	twin: "P-256",
	other: "P-256",
	root384: "P-384",
	rootRsa: "RSA-2048",
	intermediate: "P-256",
	second: "P-256",
	intermediateRsa: "RSA-2048",
	leaf: "P-256",
	leafRsa: "RSA-2048",
	rogue: "P-256",
	short: "RSA-1024",
	ed25519: "Ed25519",
	p521: "P-521",
	ownCurve: "explicit P-256",
} as const;

/** How OpenSSL is to make one certificate. */
export interface Recipe {
	readonly subject: string;
	readonly key: keyof typeof KEYS;
	/** Another recipe, further up; undefined: self-signed. */
	readonly issuer?: string;
	/** Lines of OpenSSL's configuration. None makes an X.509 version 1 certificate. */
	readonly extensions: readonly string[];
	/** First and last second of validity; default 2025 to 2045. */
	readonly from?: string;
	readonly to?: string;
	/** Default SHA-256. */
	readonly digest?: "md5" | "sha1" | "sha384" | "sha512";
	readonly pss?: boolean;
	/** OpenSSL's string_mask, for the types of strings in the subject. */
	readonly stringMask?: string;
}

const ANCHOR_ID = "subjectKeyIdentifier=hash";
const KEY_IDS = [ANCHOR_ID, "authorityKeyIdentifier=keyid"];
const ISSUING = "keyUsage=critical,keyCertSign,cRLSign";
const CA = ["basicConstraints=critical,CA:TRUE", ISSUING];
const ROOT = [...CA, ANCHOR_ID];
const ISSUED_CA = [...CA, ...KEY_IDS];
const SERVER = ["basicConstraints=CA:FALSE", "keyUsage=digitalSignature", "extendedKeyUsage=serverAuth", ...KEY_IDS];
const HOST = "subjectAltName=DNS:broker.example.com,DNS:*.wild.example.com,IP:192.0.2.1,IP:2001:db8::1";
const LEAF = [...SERVER, HOST];

const ROOT_NAME = "/O=Motehub Test/CN=Root";
const INTERMEDIATE_NAME = "/O=Motehub Test/CN=Intermediate";
const LEAF_NAME = "/O=Motehub Test/CN=Broker";

const intermediate = (extensions: readonly string[]): Recipe => {
	return { subject: INTERMEDIATE_NAME, key: "intermediate", issuer: "root", extensions };
};
const leaf = (extensions: readonly string[], issuer = "intermediate"): Recipe => {
	return { subject: LEAF_NAME, key: "leaf", issuer, extensions };
};
const level = (number: number, issuer: string): Recipe => {
	return { subject: `/CN=Level ${number}`, key: "second", issuer, extensions: ISSUED_CA };
};
const EXPIRED = { from: "20200101000000Z", to: "20291231235959Z" };
const FUTURE = { from: "20310101000000Z" };

/**
 * Issuers come before what they issue. Variants of a CA have its name and its key, so that what it issued fits any of
 * them.
 */
const RECIPES = {
	root: { subject: ROOT_NAME, key: "root", extensions: ROOT },
	rootTwin: { subject: ROOT_NAME, key: "twin", extensions: ROOT },
	rootNoId: { subject: "/CN=Root without id", key: "root", extensions: CA },
	rootNoIdTwin: { subject: "/CN=Root without id", key: "twin", extensions: CA },
	root384: { subject: "/CN=Root 384", key: "root384", extensions: ROOT, digest: "sha384" },
	rootRsa: { subject: "/CN=Root RSA", key: "rootRsa", extensions: ROOT },
	rootExpired: { subject: ROOT_NAME, key: "root", extensions: ROOT, ...EXPIRED },
	rootSha1: { subject: ROOT_NAME, key: "root", extensions: ROOT, digest: "sha1" },
	rootNotCa: { subject: ROOT_NAME, key: "root", extensions: ["basicConstraints=CA:FALSE", ANCHOR_ID] },
	rootVersion1: { subject: ROOT_NAME, key: "root", extensions: [] },
	rootPathLength0: {
		subject: ROOT_NAME,
		key: "root",
		extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", ISSUING, ANCHOR_ID],
	},
	rootConstrained: {
		subject: ROOT_NAME,
		key: "root",
		extensions: [...ROOT, "nameConstraints=critical,permitted;DNS:home.arpa"],
	},
	rootShort: { subject: "/CN=Root short", key: "short", extensions: ROOT },
	otherRoot: { subject: "/O=Motehub Test/CN=Other root", key: "other", extensions: ROOT },
	rogueRoot: { subject: ROOT_NAME, key: "rogue", extensions: ROOT },

	intermediate: intermediate(ISSUED_CA),
	intermediateExpired: { ...intermediate(ISSUED_CA), ...EXPIRED },
	intermediateFuture: { ...intermediate(ISSUED_CA), ...FUTURE },
	intermediateNotCa: intermediate(["basicConstraints=CA:FALSE", ISSUING, ...KEY_IDS]),
	intermediateNoConstraints: intermediate([ISSUING, ...KEY_IDS]),
	intermediateNoSigning: intermediate(["basicConstraints=critical,CA:TRUE", "keyUsage=digitalSignature", ...KEY_IDS]),
	intermediateEmail: intermediate([...ISSUED_CA, "extendedKeyUsage=emailProtection"]),
	intermediateServer: intermediate([...ISSUED_CA, "extendedKeyUsage=serverAuth,clientAuth"]),
	intermediateCritical: intermediate([...ISSUED_CA, "1.2.3.4=critical,DER:0500"]),
	intermediatePathLength0: intermediate(["basicConstraints=critical,CA:TRUE,pathlen:0", ISSUING, ...KEY_IDS]),
	intermediateNoId: intermediate(CA),
	intermediateVersion1: intermediate([]),
	intermediateSha1: { ...intermediate(ISSUED_CA), digest: "sha1" },
	intermediateCross: { ...intermediate(ISSUED_CA), issuer: "otherRoot" },
	intermediateForged: { ...intermediate(ISSUED_CA), issuer: "rogueRoot" },
	intermediatePermitted: intermediate([
		...ISSUED_CA,
		"nameConstraints=critical,permitted;DNS:example.com,permitted;IP:192.0.2.0/255.255.255.0,permitted;IP:2001:db8::/ffff:ffff::",
	]),
	intermediateElsewhere: intermediate([...ISSUED_CA, "nameConstraints=critical,permitted;DNS:elsewhere.example"]),
	intermediateExcluded: intermediate([...ISSUED_CA, "nameConstraints=critical,excluded;DNS:broker.example.com"]),
	intermediateNoAddresses: intermediate([
		...ISSUED_CA,
		"nameConstraints=critical,permitted;DNS:example.com,excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:::/::",
	]),
	intermediateConstrainsMail: intermediate([...ISSUED_CA, "nameConstraints=critical,permitted;email:example.com"]),
	intermediateRsa: {
		subject: "/CN=Intermediate RSA",
		key: "intermediateRsa",
		issuer: "rootRsa",
		extensions: ISSUED_CA,
		digest: "sha384",
	},
	intermediate384: {
		subject: "/CN=Intermediate 384",
		key: "second",
		issuer: "root384",
		extensions: ISSUED_CA,
		digest: "sha384",
	},
	intermediateUnderNoId: { subject: INTERMEDIATE_NAME, key: "intermediate", issuer: "rootNoId", extensions: CA },
	rogueIntermediate: { subject: INTERMEDIATE_NAME, key: "rogue", extensions: ROOT },
	second: { subject: "/CN=Second", key: "second", issuer: "intermediate", extensions: ISSUED_CA },
	rollover: { subject: INTERMEDIATE_NAME, key: "second", issuer: "intermediatePathLength0", extensions: ISSUED_CA },
	loopStart: { subject: "/CN=Loop B", key: "second", extensions: ROOT },
	loopA: { subject: "/CN=Loop A", key: "other", issuer: "loopStart", extensions: ISSUED_CA },
	loopB: { subject: "/CN=Loop B", key: "second", issuer: "loopA", extensions: ISSUED_CA },
	level1: level(1, "root"),
	level2: level(2, "level1"),
	level3: level(3, "level2"),
	level4: level(4, "level3"),
	level5: level(5, "level4"),

	leaf: leaf(LEAF),
	leafNoId: leaf([HOST]),
	leafDirect: leaf(LEAF, "root"),
	leafTwin: leaf(LEAF, "rootTwin"),
	leafOther: leaf(LEAF, "otherRoot"),
	leafDirectNoId: leaf([HOST], "rootNoId"),
	leafDirectNoIdTwin: leaf([HOST], "rootNoIdTwin"),
	leafShort: leaf(LEAF, "rootShort"),
	leafSecond: leaf(LEAF, "second"),
	leafRollover: leaf(LEAF, "rollover"),
	leafLoop: leaf(LEAF, "loopA"),
	leafLevel3: leaf(LEAF, "level3"),
	leafLevel5: leaf(LEAF, "level5"),
	leafForged: leaf(LEAF, "rogueIntermediate"),
	leafForgedDirect: leaf(LEAF, "rogueRoot"),
	leafUnderRsa: { ...leaf(LEAF, "intermediateRsa"), key: "leafRsa" },
	leafUnderRsaSha512: { ...leaf(LEAF, "intermediateRsa"), digest: "sha512" },
	leafUnderRsaSha1: { ...leaf(LEAF, "intermediateRsa"), digest: "sha1" },
	leafUnderRsaMd5: { ...leaf(LEAF, "intermediateRsa"), digest: "md5" },
	leafUnderRsaPss: { ...leaf(LEAF, "intermediateRsa"), pss: true },
	leafUnder384: leaf(LEAF, "intermediate384"),
	leafSha384: { ...leaf(LEAF), digest: "sha384" },
	leafSha512: { ...leaf(LEAF), digest: "sha512" },
	leafSha1: { ...leaf(LEAF), digest: "sha1" },
	leafExpired: { ...leaf(LEAF), ...EXPIRED },
	leafFuture: { ...leaf(LEAF), ...FUTURE },
	leafForever: { ...leaf(LEAF), to: "99991231235959Z" },
	leafClient: leaf(["extendedKeyUsage=clientAuth", HOST, ...KEY_IDS]),
	leafAnyPurpose: leaf(["extendedKeyUsage=anyExtendedKeyUsage", HOST, ...KEY_IDS]),
	leafSigningUsage: leaf(["keyUsage=critical,keyCertSign", HOST, ...KEY_IDS]),
	leafEncipherOnly: leaf(["keyUsage=keyEncipherment", HOST, ...KEY_IDS]),
	leafAgreementOnly: leaf(["keyUsage=keyAgreement", HOST, ...KEY_IDS]),
	leafRsaEncipherOnly: { ...leaf(["keyUsage=keyEncipherment,dataEncipherment", HOST, ...KEY_IDS]), key: "leafRsa" },
	leafRsaBothUsages: { ...leaf(["keyUsage=digitalSignature,keyEncipherment", HOST, ...KEY_IDS]), key: "leafRsa" },
	leafRsaNoUsage: { ...leaf([HOST, ...KEY_IDS]), key: "leafRsa" },
	leafCritical: leaf([...LEAF, "1.2.3.4=critical,DER:0500"]),
	leafUnknown: leaf([...LEAF, "1.2.3.4=DER:0500"]),
	leafNoSan: { ...leaf(SERVER), subject: "/CN=broker.example.com" },
	leafNoSanAddress: { ...leaf(SERVER), subject: "/CN=192.0.2.1" },
	leafAddressAsName: leaf([...SERVER, "subjectAltName=DNS:192.0.2.1"]),
	leafNoSubject: { ...leaf([...SERVER, "subjectAltName=critical,DNS:broker.example.com"]), subject: "/" },
	leafNul: leaf([
		...SERVER,
		// broker.example.com, NUL, .evil.example
		"subjectAltName=DER:3022822062726f6b65722e6578616d706c652e636f6d002e6576696c2e6578616d706c65",
	]),
	leafBmp: { ...leaf(LEAF), subject: "/CN=Bröker", stringMask: "MASK:0x800" },
	leafUtf8: { ...leaf(LEAF), subject: "/CN=Bröker 代理" },
	leafHostileName: { ...leaf(LEAF), subject: "/CN=a\nb\u202ec" },
	leafVersion1: leaf([]),
	leafFromLeaf: { subject: "/CN=Victim", key: "rogue", issuer: "leaf", extensions: LEAF },
	leafHome: leaf([...SERVER, "subjectAltName=DNS:broker.home.arpa"], "root"),
	leafWildcard: leaf([...SERVER, "subjectAltName=DNS:*.example.com"]),
	leafMail: leaf([...SERVER, "subjectAltName=DNS:broker.example.com,email:root@example.com"]),
	leafEd25519: { ...leaf(LEAF), key: "ed25519" },
	leafP521: { ...leaf(LEAF), key: "p521" },
	leafOwnCurve: { ...leaf(LEAF), key: "ownCurve" },
	leafRsa1024: { ...leaf(LEAF), key: "short" },
	leafIsCa: leaf(["basicConstraints=CA:TRUE", "keyUsage=digitalSignature,keyCertSign", ...KEY_IDS, HOST]),

	pinned: { subject: "/CN=Pinned", key: "leaf", extensions: [HOST] },
	pinnedRsa: { subject: "/CN=Pinned RSA", key: "leafRsa", extensions: [HOST, "basicConstraints=CA:TRUE"] },
	pinnedRsaEncipherOnly: { subject: "/CN=Pinned RSA", key: "leafRsa", extensions: [HOST, "keyUsage=keyEncipherment"] },
	pinnedExpired: { subject: "/CN=Pinned", key: "leaf", extensions: [HOST], ...EXPIRED },
	pinnedSha1: { subject: "/CN=Pinned", key: "leaf", extensions: [HOST], digest: "sha1" },
	selfSigned: { subject: LEAF_NAME, key: "rogue", extensions: LEAF },
	selfSignedLikeRoot: { subject: ROOT_NAME, key: "rogue", extensions: LEAF },
} as const satisfies Record<string, Recipe>;

export type CertificateName = keyof typeof RECIPES;
export const CERTIFICATES: Readonly<Record<CertificateName, Recipe>> = RECIPES;
