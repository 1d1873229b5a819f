import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ConfigError, printSettings, readSettings, runCheck } from "../../hosts/hub/config/index.ts";
import { HUB_LIMITS } from "../../src/broker/index.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { TestAuthority } from "./support/certificates.ts";
import { ConfigFolder } from "./support/config-folder.ts";

const folder = new ConfigFolder();
afterAll(() => folder.remove());

const HASH = MOSQUITTO_PASSWORDS[0]?.hash ?? "";
folder.write({
	passwd: `anna:${HASH}\n`,
	acl: "topic read #\n",
	"ca.pem": "PEM",
	"server.pem": "PEM",
	"server.key": "PEM",
});

/** Every key there is. */
const FULL = `listeners:
  home:
    type: tcp
    bind: 0.0.0.0:1883
    allow_anonymous: true
    max_connections: 100
    max_packet: 128 KiB
  devices:
    type: tls
    bind: "[::]:8883"
    certificate: server.pem
    key: server.key
    ca: ca.pem
    require_certificate: true
    use_identity_as_username: true
    tls_version: 1.3
  web:
    type: wss
    bind: 0.0.0.0:8443
    path: /mqtt
    origins: [https://example.org, http://hub.local:8123]
auth:
  allow_anonymous: false
  password_file: passwd
  users:
    homeassistant: hunter2
    sensor: {hash: "${HASH}"}
acl:
  file: acl
bridges:
  cabin:
    broker: cabin.example.org
    port: 8883
    certificate: auto
    username: home
    password: hunter3
    protocol: 5
    clean_session: true
    queue_messages: 500
    topics:
      - sensors/# both 1 cabin/ home/
      - {filter: cmd/+, direction: in, local_prefix: cabin/}
store: {type: lmdb, path: store}
limits:
  connections: 200
  connect_timeout: 5
  max_packet: 256 KiB
  max_connect: 16384
  queue_messages: 1000
  queue_bytes: 10 MB
  session_expiry: 604800
  connections_per_address: 20
  messages_per_second: 100
  max_qos: 1
log: {level: debug, format: json}
http: {bind: "127.0.0.1:9090", metrics: true, health: false}
sys_interval: 30
data: data
`;

describe("a configuration of our own", () => {
	test("every key", () => {
		const { settings, notices } = folder.load(FULL);
		expect(notices).toEqual([]);
		expect(settings.listeners).toMatchObject([
			{ name: "home", type: "tcp", allowAnonymous: true, maxConnections: 100, maxPacket: 131_072, tls: undefined },
			{
				name: "devices",
				host: "::",
				allowAnonymous: false,
				tls: {
					clientCertificate: "required",
					identityAsUsername: true,
					minVersion: "1.3",
					certificate: folder.file("server.pem"),
				},
			},
			{
				name: "web",
				type: "wss",
				tls: { certificate: "auto", clientCertificate: "ignored", minVersion: "1.2" },
				webSocket: { path: "/mqtt", origins: ["https://example.org", "http://hub.local:8123"] },
			},
		]);
		expect(settings.auth).toMatchObject({
			users: [
				{ name: "homeassistant", kind: "plain" },
				{ name: "sensor", kind: "hash" },
			],
			passwordFiles: [folder.file("passwd")],
		});
		expect(settings.access).toEqual({ kind: "acl", file: folder.file("acl") });
		expect(settings.bridges).toMatchObject([
			{
				name: "cabin",
				connection: { broker: "cabin.example.org", protocol: "5", tls: { certificate: "auto" } },
				cleanSession: true,
				queueMessages: 500,
				topics: [
					{ filter: "sensors/#", direction: "both", qos: 1, localPrefix: "cabin/", remotePrefix: "home/" },
					{ filter: "cmd/+", direction: "in", qos: 0, localPrefix: "cabin/", remotePrefix: "" },
				],
			},
		]);
		expect(settings.store).toEqual({ type: "lmdb", folder: folder.file("store") });
		expect(settings.limits).toEqual({
			broker: {
				...HUB_LIMITS,
				connections: 200,
				connectTimeout: 5_000,
				maxPacket: 262_144,
				maxConnect: 16_384,
				queueMessages: 1_000,
				queueBytes: 10_000_000,
				sessionExpiry: 604_800,
			},
			connectionsPerAddress: 20,
			messagesPerSecond: 100,
			maxQos: 1,
		});
		expect(settings).toMatchObject({
			log: { level: "debug", format: "json" },
			http: { bind: { host: "127.0.0.1", port: 9090 }, health: false },
			sysInterval: 30,
			dataFolder: folder.file("data"),
			connection: undefined,
		});
	});

	test("the example of docs/configuration.md", () => {
		const guide = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
		const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
		const { settings } = folder.load(example.replace("$7$101$…", HASH), {
			"clients.pem": "PEM",
			"secrets.yaml": "sensor: hunter2\n",
		});
		expect(settings.listeners.map(({ type }) => type)).toEqual(["tcp", "tls", "ws"]);
		expect(settings.bridges[0]?.topics).toHaveLength(2);
	});

	test("nothing: this machine alone, a password of the hub's own making, all limits at their defaults", () => {
		const { settings } = folder.load("# nothing yet\n");
		expect(settings.listeners).toMatchObject([
			{ type: "tcp", host: "127.0.0.1", port: 1883, allowAnonymous: false },
			{ type: "ws", host: "127.0.0.1", port: 8080, allowAnonymous: false },
		]);
		expect(settings.auth.generatedUser).toBe("homeassistant");
		expect(settings.limits.broker).toEqual(HUB_LIMITS);
		expect(settings.store).toEqual({ type: "lmdb", folder: undefined });
		expect(settings.sysInterval).toBe(10);
	});

	test("is frozen throughout", () => {
		const { settings } = folder.load(FULL);
		const loose = (value: unknown): boolean =>
			typeof value === "object" && value !== null && (!Object.isFrozen(value) || Object.values(value).some(loose));
		expect(loose(settings)).toBe(false);
	});

	test("as a program's own options, by the same rules", () => {
		const { settings } = readSettings({ listeners: { a: { bind: "127.0.0.1:0" } }, auth: { users: { anna: "x" } } });
		expect(settings.listeners[0]).toMatchObject({ type: "tcp", port: 0 });
		expect(() => readSettings({ listeners: {} })).toThrow(
			new ConfigError(["listeners: is empty; it takes at least one listener"]),
		);
	});
});

describe("what is refused, with its place", () => {
	const BIND = "bind: '127.0.0.1:1883'";
	test.each([
		["listner: {}\n", "motehub.yaml:1:1: listner: unknown key; did you mean listeners?"],
		["listeners:\n  a:\n    bnd: x\n", "motehub.yaml:3:5: listeners.a.bnd: unknown key; did you mean bind?"],
		["listeners:\n  a: {}\n", "motehub.yaml:2:3: listeners.a.bind: is missing; it takes ADDRESS:PORT"],
		["listeners:\n  a:\n", "motehub.yaml:2:5: listeners.a: has no value"],
		[`listeners:\n  a: {${BIND}, type: udp}\n`, 'type: "udp" is not allowed; it takes one of tcp, tls, ws, wss'],
		[
			`listeners:\n  a: {${BIND}, certificate: server.pem}\n`,
			"certificate: is for listeners of type tls or wss; this one is tcp",
		],
		[
			`listeners:\n  a: {${BIND}, require_certificate: true}\n`,
			"require_certificate: is for listeners of type tls or wss",
		],
		[`listeners:\n  a: {${BIND}, path: /x}\n`, "path: is for listeners of type ws or wss; this one is tcp"],
		[`listeners:\n  a: {${BIND}, type: ws, path: x}\n`, "path: must start with /"],
		[`listeners:\n  a: {${BIND}, type: ws, origins: [example.org]}\n`, "is not an origin such as"],
		[`listeners:\n  a: {${BIND}, type: tls, require_certificate: true}\n`, "require_certificate: needs ca"],
		[
			`listeners:\n  a: {${BIND}, type: tls, ca: ca.pem, use_identity_as_username: true}\n`,
			"needs require_certificate: true",
		],
		[`listeners:\n  a: {${BIND}, type: tls, key: server.key}\n`, "key: needs certificate beside it"],
		[`listeners:\n  a: {${BIND}, type: tls, tls_version: 1.1}\n`, "one of auto, 1.2, 1.3"],
		[`listeners:\n  a: {${BIND}}\n  b: {${BIND}}\n`, "listeners.b.bind: 127.0.0.1:1883 is the address of a already"],
		[
			`listeners:\n  a: {${BIND}}\n  b: {bind: "0.0.0.0:1883"}\n`,
			"listeners.b.bind: 0.0.0.0:1883 cannot be beside 127.0.0.1:1883 of a: one takes in the other",
		],
		[
			`listeners:\n  a: {bind: "[::]:1883"}\n  b: {${BIND}}\n`,
			"listeners.b.bind: 127.0.0.1:1883 cannot be beside [::]:1883 of a: one takes in the other",
		],
		["auth: { users: { a: '' } }\n", "auth.users.a: this value is not allowed; it takes text that is not empty"],
		["auth: {}\n", "auth: nobody could connect"],
		["auth:\n  users:\n    anna:\n", "motehub.yaml:3:10: auth.users.anna: has no value"],
		["auth: {users: {anna: true}}\n", "auth.users.anna: this value is not allowed"],
		["auth: {users: {anna: {hash: hunter2}}}\n", "auth.users.anna.hash: is not a password hash"],
		["auth: {users: {anna: {hsh: x}}}\n", "unknown key; did you mean hash?"],
		[`auth: {users: {anna: "${HASH}"}}\n`, "auth.users.anna: is a hash; write it as { hash: … }"],
		['auth: {users: {"a:b": x}}\n', "the user name contains a colon"],
		["auth: {users: {$insider: x}}\n", "auth.users.$insider: the user name is that of the hub's own bridges"],
		["auth: {generated_user: $insider}\n", "the user name is that of the hub's own bridges"],
		["mqtt: {username: $insider, password: x}\n", "mqtt.username: is that of the hub's own bridges"],
		[`auth: {users: {anna: ${"x".repeat(65_536)}}}\n`, "auth.users.anna: is longer than the 65535 bytes"],
		...["/mqtt?x", "/mqtt#x", "/m q", "/müll"].map((path) => [
			`listeners:\n  a: {${BIND}, type: ws, path: "${path}"}\n`,
			`listeners.a.path: "${path}" is not as a request says it`,
		]),
		[
			`listeners:\n  a: {${BIND}}\nhttp: {bind: "0.0.0.0:1883"}\n`,
			"http.bind: 0.0.0.0:1883 is the address of listener a: leave bind out",
		],
		[
			"bridges:\n  a: {broker: B, client_id: c, topics: ['#']}\n  b: {broker: b, client_id: c, topics: ['#']}\n",
			"bridges.b.client_id: is that of bridge a at the same broker",
		],
		["auth: {password_file: none}\n", "none does not exist"],
		["auth: {password_file: .}\n", "is not a file"],
		["acl: {}\n", "acl: says nothing"],
		["acl: {file: acl, taboo: true}\n", "acl.file: cannot be beside subscribe, publish and taboo"],
		["acl: {subscribe: {a: ['$share/g/x']}}\n", "is a shared subscription"],
		["bridges: {a: {broker: b}}\n", "bridges.a.topics: is missing"],
		["bridges: {a: {topics: ['#']}}\n", "bridges.a.broker: is missing"],
		["bridges: {a: {broker: b, topics: ['a/# across']}}\n", '"across" is not allowed'],
		["store: {type: memory, path: x}\n", "store.path: is for the type lmdb"],
		["store: disk\n", 'store: "disk" is not allowed; it takes a mapping with the keys type, path'],
		["limits: {max_packet: 16 MB, max_connect: 17 MB}\n", "limits.max_packet: is less than max_connect"],
		["limits: {max_packet: 1 TB}\n", "a size from 128 to"],
		["limits: {queue_messages: 0}\n", "a whole number from 1 to 10000000"],
		["limits: {session_expiry: often}\n", "seconds from 0 to 4294967294, or never"],
		["limits: {topic_levels: 129}\n", "a whole number from 1 to 128"],
		["log: {level: loud}\n", "one of debug, info, warn, error"],
		["http: {bind: 9090}\n", "http.bind: 9090 is not allowed; it takes ADDRESS:PORT"],
		["sys_interval: 1.5\n", "sys_interval: 1.5 is not allowed"],
		["data:\n", "data: has no value"],
		["- a\n", "a list is not allowed; it takes a mapping with the keys mqtt, listeners"],
		["just text\n", '"just text" is not allowed'],
	])("%j: %s", (main, problem) => {
		expect(folder.problems(main).join("\n")).toContain(problem);
	});

	test("in an included file, with that file's name and line", () => {
		const problems = folder.problems("limits: !include limits.yaml\n", {
			"limits.yaml": "# how much\nconnections: 0\n",
		});
		expect(problems).toEqual([
			"limits.yaml:2:14: limits.connections: 0 is not allowed; it takes a whole number from 1 to 1000000",
		]);
	});

	test("everything at once", () => {
		expect(folder.problems("lg: {}\nsys_interval: x\nlimits: {connections: 0}\n")).toHaveLength(3);
	});
});

describe("--print-config", () => {
	test("is a configuration that comes to the same", () => {
		const { settings } = folder.load(FULL.replace(`sensor: {hash: "${HASH}"}`, "sensor: x"));
		const again = folder.load(printSettings(settings)).settings;
		expect(again).toEqual(settings);
		expect(printSettings(again)).toBe(printSettings(settings));
	});

	test.each([
		["mqtt: {password: hunter2}\n"],
		[
			"mqtt: {broker: b, username: u, password: hunter2, certificate: ca.pem, tls_insecure: true, will_message: {topic: t, payload: p}}\n",
		],
		[
			"mqtt: {embedded: {listeners: {default: {bind: 'h:1'}}, topic-check: {enabled: true, acl: {a: [b]}}, auth: {password-file: passwd}}}\n",
		],
		["acl: {subscribe: {anna: ['a/#']}}\nstore: {type: memory}\n"],
		[""],
	])("of %j too", (main) => {
		const { settings } = folder.load(main);
		expect(folder.load(printSettings(settings)).settings).toEqual(settings);
	});

	test("shows no secret", () => {
		const { settings } = folder.load(FULL);
		const text = `${printSettings(settings)}${JSON.stringify(settings)}${inspect(settings, { depth: 10 })}`;
		expect(text).not.toContain("hunter");
		expect(text).not.toContain(HASH.slice(7));
		expect(printSettings(settings)).toContain('homeassistant: "********"');
		expect(printSettings(settings)).toContain("session_expiry: 604800");
	});
});

describe("motehub check", () => {
	function check(main: string) {
		let said = "";
		folder.write({ "motehub.yaml": main });
		const exitCode = runCheck(folder.file("motehub.yaml"), { write: (text) => (said += text) });
		return { exitCode, said: said.replaceAll(`${folder.path}/`, "") };
	}

	test("a configuration that can be used", async () => {
		const authority = await TestAuthority.make();
		const { certificate, key } = await authority.issue("CN=hub");
		folder.write({ "server.pem": certificate, "server.key": key, "ca.pem": readFileSync(authority.ca, "utf8") });
		authority.remove();
		expect(check(FULL)).toEqual({ exitCode: 0, said: "motehub.yaml can be used\n" });
	});

	test("one that cannot", () => {
		expect(check("limits: {connections: 0}\n")).toEqual({
			exitCode: 1,
			said: "error: motehub.yaml:1:23: limits.connections: 0 is not allowed; it takes a whole number from 1 to 1000000\n",
		});
	});

	test("looks into the files that it names", () => {
		folder.write({ broken: "anna\n", "broken.acl": "topic reed a\n" });
		const { exitCode, said } = check("auth: {password_file: [passwd, broken]}\nacl: {file: broken.acl}\n");
		expect(exitCode).toBe(1);
		expect(said).toContain("error: broken:1: is not NAME:HASH\n");
		expect(said).toContain('error: broken.acl:1: "reed" is not read, write');
	});

	test("looks into the certificate files of bridges, and of the client of a broker elsewhere", async () => {
		const authority = await TestAuthority.make();
		const [mine, other] = [await authority.issue("CN=a"), await authority.issue("CN=b")];
		authority.remove();
		folder.write({ "no-ca.pem": "PEM", "mine.pem": mine.certificate, "other.key": other.key });
		const tls = "certificate: auto, client_cert: mine.pem, client_key: other.key";
		const bridged = check(`bridges: {a: {broker: b, certificate: no-ca.pem, topics: ["#"]}}\n`);
		expect(bridged.said).toContain("error: bridge a: no-ca.pem has no certificate");
		expect(bridged.exitCode).toBe(1);
		expect(check(`mqtt: {broker: b, ${tls}}\n`).said).toContain(
			"error: mqtt: mine.pem has no certificate for the key in other.key",
		);
	});

	test.each([
		["mqtt: {port: 1}\n", "mqtt.port: has no effect"],
		["auth: {check_passwords: false, users: {anna: x}}\n", "auth.users: has no effect: check_passwords is false"],
		[
			"auth: {check_passwords: false, password_file: passwd}\n",
			"auth.password_file: has no effect: check_passwords is false",
		],
		[
			"listeners: {a: {bind: '127.0.0.1:1', max_packet: 17 MiB}}\n",
			"listeners.a.max_packet: has no effect: limits.max_packet is 16777216",
		],
		[
			"listeners: {a: {bind: '127.0.0.1:1', max_connections: 10001}}\n",
			"listeners.a.max_connections: has no effect: limits.connections is 10000",
		],
		[
			"auth: {users: {anna: x}}\nacl: {publish: {ana: [a], anna: [a]}}\n",
			"acl.publish.ana: has no effect: nobody gets in by this name",
		],
		["acl: {subscribe: {anonymous: [a]}}\n", "acl.subscribe.anonymous: has no effect"],
		[
			"auth: {generated_user: anna, users: {anna: x}}\n",
			"auth.generated_user: anna is among users already, and the password there does not count",
		],
		[
			"bridges: {a: {broker: b, topics: ['x/# both 0 $SYS/ y/']}}\n",
			'bridges.a.topics[0]: brings in nothing: on "$SYS/x/#" only the hub itself publishes',
		],
	])("says what has no effect: %j", (main, note) => {
		const notes = check(main)
			.said.split("\n")
			.filter((line) => line.startsWith("note: "));
		expect(notes).toHaveLength(1);
		expect(notes[0]).toContain(note);
	});

	test.each([
		"mqtt: {username: 'a:b', password: x}\n",
		// Tenants of one broker, told by their user names.
		`bridges:
  a: {broker: b, client_id: c, username: t1, topics: ['#']}
  b: {broker: b, client_id: c, username: t2, topics: ['#']}
`,
	])("has nothing to say about what works: %j", (main) => {
		expect(check(main)).toEqual({ exitCode: 0, said: expect.not.stringContaining("note") });
	});

	test("says that nobody gets in by the name of the hub's own bridges, in a password file neither", () => {
		folder.write({ insiders: `anna:${HASH}\n$insider:${HASH}\n` });
		expect(check("auth: {password_file: insiders}\n").said).toContain(
			"note: insiders:2: nobody gets in by the name $insider, which is that of the hub's own bridges",
		);
	});
});
