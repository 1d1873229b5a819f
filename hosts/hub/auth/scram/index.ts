export { SCRAM_SHA_256, ScramAuthenticator } from "./authenticator.ts";
