import { describe, expect, test } from "@jest/globals";
import { mostSimilar } from "../../../src/config/index.ts";

const KEYS = ["broker", "port", "client_id", "keepalive", "username", "password", "tls_insecure", "tls_version"];

describe("the key that was probably meant", () => {
	test.each([
		["prot", "port"],
		["brokr", "broker"],
		["clientId", "client_id"],
		["client-id", "client_id"],
		["keep_alive", "keepalive"],
		["user_name", "username"],
		["tls_verson", "tls_version"],
		["PORT", "port"],
	])("%s is %s", (typed, meant) => {
		expect(mostSimilar(typed, KEYS)).toBe(meant);
	});

	test.each(["", "x", "automation", "homeassistant", "portable_telescope"])("%p is like none", (typed) => {
		expect(mostSimilar(typed, KEYS)).toBeUndefined();
	});
});
