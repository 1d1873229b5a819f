export { fromHex } from "./hex.ts";
export { Trial } from "./trial.ts";
export { Updater, type UpdaterOptions, type VerifyStatement } from "./updater.ts";
