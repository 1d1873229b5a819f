/**
 * What became of the session at the broker while we were away. `unknown`: MQTT 3.1 has no Session Present; what was in
 * flight is sent again, and every subscription is asked for again, which is right in either case.
 */
export type SessionFate = "kept" | "lost" | "unknown";
