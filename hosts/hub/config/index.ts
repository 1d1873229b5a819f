export { isSame, keysForRestart, liveLimits, opensSame } from "./changes.ts";
export { runCheck } from "./check-command.ts";
export { checkFiles } from "./check-files.ts";
export { ConfigError } from "./config-error.ts";
export { type LoadedSettings, loadSettings, readSettings } from "./load.ts";
export { printSettings } from "./print.ts";
export type * from "./settings.ts";
