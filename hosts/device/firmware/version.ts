/** Of the firmware; the package's. */
export const VERSION = "0.1.0";

/** No clock that is right shows an earlier time, where the build does not say a later one: 2026-11-01, in s since 1970. */
export const RELEASED = 1_793_491_200;
