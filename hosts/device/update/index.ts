export { Trial } from "./trial.ts";
export { Updater, type UpdaterOptions } from "./updater.ts";
