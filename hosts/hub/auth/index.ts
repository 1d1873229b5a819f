export { loadAuthSecret } from "./auth-secret.ts";
export type { AuthPart } from "./auth-tables.ts";
export { HubAuth } from "./hub-auth.ts";
export { NODE_CLOCK } from "./node-clock.ts";
export { type PasswdRequest, runPasswd } from "./passwd-command.ts";
export { type PasswordAuthenticatorOptions, passwordAuthenticator } from "./password-authenticator.ts";
export { PlainUsers } from "./plain-users.ts";
export { SCRAM_SHA_256, ScramAuthenticator } from "./scram/index.ts";
