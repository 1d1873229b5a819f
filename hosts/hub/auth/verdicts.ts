import type { AuthVerdict } from "../../../src/broker/index.ts";
import { REASON } from "../../../src/codec/index.ts";

export const ALLOWED: AuthVerdict = { allow: true };
export const BAD_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.BAD_USER_NAME_OR_PASSWORD };
export const NO_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
export const NO_METHOD: AuthVerdict = { allow: false, reasonCode: REASON.BAD_AUTHENTICATION_METHOD };
export const BUSY: AuthVerdict = { allow: false, reasonCode: REASON.SERVER_BUSY };
export const TOO_FAST: AuthVerdict = { allow: false, reasonCode: REASON.CONNECTION_RATE_EXCEEDED };
