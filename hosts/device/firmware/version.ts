import { BUILT } from "../base.ts";

/** Of the firmware; the package's. */
export const VERSION = "0.1.0";

/** Begins the trace. The image has it as text, for the module is preloaded: whoever offers it finds version and time there. */
export const BANNER = `motehub firmware ${VERSION} built ${BUILT}`;
