export { parseJsonObject } from "./parse.ts";
