export { type Certificate, parseCertificate } from "./certificate.ts";
export { DerError } from "./der.ts";
export { describeName } from "./distinguished-name.ts";
export type { Extensions } from "./extensions.ts";
export { DEVICE_PATH_LIMITS, type PathLimits } from "./limits.ts";
export type { CertificationPath } from "./path-check.ts";
export { type Acceptance, type PathQuestion, type PathResult, PathValidation } from "./path-validation.ts";
export { pkcs1Encoding } from "./pkcs1.ts";
export { type EcPrivateKey, type PrivateKey, parsePrivateKey, type RsaPrivateKey } from "./private-key.ts";
export {
	type Curve,
	type EcPublicKey,
	isUncompressed,
	type PublicKey,
	parsePublicKey,
	type RsaPublicKey,
	type VerifyingKey,
} from "./public-key.ts";
export { describeCertificate, type Refusal, type RefusalReason } from "./refusal.ts";
export {
	type EcdsaSignature,
	encodeEcdsaSignature,
	isPlausibleSignature,
	readEcdsaSignature,
	type VerifySignature,
} from "./signature.ts";
export type { RefusedAlgorithm, SignatureAlgorithm } from "./signature-algorithm.ts";
export type { SignatureQuestion } from "./signature-check.ts";
export { type PathRequest, validatePath } from "./validate.ts";
