export { SCRAM_SHA_256, ScramAuthenticator } from "./authenticator.ts";
export { deriveKeys, isPasswordOf, parseScramKeys, type ScramKeys, saltOf, scramText } from "./keys.ts";
