import fc from "fast-check";
import { propertySeed } from "./property-seed.ts";

// Before each test file on Node; on XS the harness does it.
const seed = propertySeed();
if (seed !== undefined) fc.configureGlobal({ seed });
