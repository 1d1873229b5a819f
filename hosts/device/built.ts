import type { Seconds } from "../../src/ports/index.ts";

/** 2026-11-01, in s since 1970. */
const RELEASED: Seconds = 1_793_491_200;

/**
 * No clock that is right shows an earlier time. The manifest preloads this module: `Date` is that of the machine that builds
 * the firmware, and this a number in flash.
 */
export const BUILT: Seconds = Math.max(RELEASED, Math.floor(Date.now() / 1_000));
