export { BundleMissing, readBundle } from "./bundle-file.ts";
export type { Chance, Faults, Stall } from "./faults.ts";
export { Flash } from "./flash.ts";
export { type DeviceEnd, SimulatedDevice, type SimulatedDeviceOptions } from "./simulated-device.ts";
export { XsEngineMissing } from "./xs-engine.ts";
