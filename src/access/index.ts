export { AclTable } from "./acl-table.ts";
export { type AclRule, type LineFault, parseMosquittoAcl } from "./mosquitto-acl.ts";
export { type AccessTable, CLOSED_ACCESS, type Identity, OPEN_ACCESS, type Rights } from "./rights.ts";
export { type TopicCheckRules, TopicCheckTable } from "./topic-check.ts";
