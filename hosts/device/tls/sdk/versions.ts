import type { Versions } from "../version.ts";

/** The manifest gives this the name `ssl/versions`: what a build speaks. That of `legacy` puts older ones in its place. */
const VERSIONS: Versions = { "1.2": { name: "1.2", protocolVersion: 0x303 } };

export default VERSIONS;
