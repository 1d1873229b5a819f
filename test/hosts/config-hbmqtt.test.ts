import { afterAll, describe, expect, test } from "@jest/globals";
import { ConfigFolder } from "./support/config-folder.ts";

const folder = new ConfigFolder();
afterAll(() => folder.remove());

folder.write({ "some/passwd_file": "", "some/cafile": "", "some/certfile": "", "some/key": "", "some/folder/x": "" });

/** The example of HBMQTT's documentation, with `cadata` where it misprints `capath`. */
const DOCUMENTED = `listeners:
    default:
        max-connections: 50000
        type: tcp
    my-tcp-1:
        bind: 127.0.0.1:1883
    my-tcp-2:
        bind: 1.2.3.4:1884
        max-connections: 1000
    my-tcp-ssl-1:
        bind: 127.0.0.1:8885
        ssl: on
        cafile: some/cafile
        capath: some/folder
        cadata: certificate data
        certfile: some/certfile
        keyfile: some/key
    my-ws-1:
        bind: 0.0.0.0:8080
        type: ws
timeout-disconnect-delay: 2
auth:
    plugins: ['auth.anonymous']
    allow-anonymous: true
    password-file: some/passwd_file
topic-check:
    enabled: true
    plugins: ['topic_acl']
    acl:
        username1: ['repositories/+/master', 'calendar/#', 'data/memes']
        username2: ['calendar/2015/#', 'data/memes']
        anonymous: []
`;

/** The file that HBMQTT's command reads without another. */
const SHIPPED = `listeners:
    default:
        type: tcp
        bind: 0.0.0.0:1883
sys_interval: 20
auth:
    allow-anonymous: true
plugins:
    - auth_file
    - auth_anonymous
`;

/** What Home Assistant generated for its embedded broker. */
const GENERATED = `listeners:
    default: {max-connections: 50000, bind: '0.0.0.0:1883', type: tcp}
    ws-1: {bind: '0.0.0.0:8080', type: ws}
auth:
    allow-anonymous: false
    password-file: some/passwd_file
plugins: [auth_anonymous, auth_file]
topic-check: {enabled: true, plugins: [topic_taboo]}
`;

const LISTENERS = "listeners: {default: {bind: '127.0.0.1:1883'}}\n";

function embedded(config: string): string {
	return `mqtt:\n  embedded:\n${config.replace(/^(?=.)/gm, "    ")}`;
}

const load = (config: string) => folder.load(embedded(config));
const problems = (config: string) => folder.problems(embedded(config)).join("\n");

describe("configurations as people have them", () => {
	test("the documented example", () => {
		const { settings, notices } = load(DOCUMENTED);
		expect(settings.listeners).toMatchObject([
			{ name: "my-tcp-1", type: "tcp", host: "127.0.0.1", port: 1883, maxConnections: 50_000, allowAnonymous: true },
			{ name: "my-tcp-2", type: "tcp", host: "1.2.3.4", port: 1884, maxConnections: 1_000 },
			{
				name: "my-tcp-ssl-1",
				type: "tls",
				port: 8885,
				tls: {
					certificate: folder.file("some/certfile"),
					key: folder.file("some/key"),
					clientCa: { file: folder.file("some/cafile"), folder: folder.file("some/folder"), text: "certificate data" },
					clientCertificate: "optional",
				},
			},
			{ name: "my-ws-1", type: "ws", host: "0.0.0.0", port: 8080, maxConnections: 50_000 },
		]);
		expect(settings.auth).toMatchObject({ checkPasswords: true, passwordFiles: [folder.file("some/passwd_file")] });
		expect(settings.access).toMatchObject({
			kind: "topics",
			subscribe: [
				{ user: "username1", filters: ["repositories/+/master", "calendar/#", "data/memes"] },
				{ user: "username2", filters: ["calendar/2015/#", "data/memes"] },
				{ user: "anonymous", filters: [] },
			],
			publish: undefined,
			taboo: false,
		});
		expect(settings.sysInterval).toBe(0);
		expect(notices.map((notice) => notice.split(": ")[1])).toEqual([
			"mqtt.embedded.auth.password-file",
			"mqtt.embedded.timeout-disconnect-delay",
		]);
	});

	test("the documented example's misprint is explained", () => {
		expect(problems(DOCUMENTED.replace("cadata: certificate data", "capath: certificate data"))).toBe(
			"motehub.yaml:17:13: this key stands here twice (where HBMQTT's documentation has a second capath, it means cadata)",
		);
	});

	test("the shipped default: anonymous clients, $SYS, and no check of topics", () => {
		const { settings, notices } = load(SHIPPED);
		expect(settings.listeners).toMatchObject([{ name: "default", host: "0.0.0.0", port: 1883, allowAnonymous: true }]);
		expect(settings.sysInterval).toBe(20);
		expect(settings.access).toEqual({ kind: "open" });
		expect(notices.join()).toContain("mqtt.embedded.plugins: has no effect");
	});

	test("what Home Assistant generated", () => {
		const { settings } = load(GENERATED);
		expect(settings.listeners.map(({ type, allowAnonymous }) => [type, allowAnonymous])).toEqual([
			["tcp", false],
			["ws", false],
		]);
		expect(settings.access).toEqual({ kind: "topics", subscribe: undefined, publish: undefined, taboo: true });
	});

	test("Home Assistant's password beside it is that of homeassistant", () => {
		const { settings } = folder.load(`${embedded(SHIPPED)}  password: hunter2\n`);
		expect(settings.auth.users.map(({ name, secret }) => [name, secret.reveal()])).toEqual([
			["homeassistant", "hunter2"],
		]);
	});
});

describe("listeners", () => {
	test("max_connections is read as max-connections, 0 is no limit", () => {
		const config =
			"listeners: {default: {bind: 'h:1', max_connections: 5}, b: {bind: 'h:2', max-connections: 0}, c: {bind: 'h:3', ssl: off}}\n";
		expect(load(config).settings.listeners.map(({ maxConnections }) => maxConnections)).toEqual([5, undefined, 5]);
	});

	test("ssl with type ws is wss; what default lends can be taken back", () => {
		const config = `listeners:
  default: {ssl: on, certfile: some/certfile, keyfile: some/key}
  a: {bind: '[::]:8883', type: ws}
  b: {bind: '0.0.0.0:1883', ssl: 'off'}
`;
		const { settings } = load(config);
		expect(settings.listeners.map(({ name, type, host }) => [name, type, host])).toEqual([
			["a", "wss", "::"],
			["b", "tcp", "0.0.0.0"],
		]);
		expect(settings.listeners.map(({ tls }) => tls?.clientCertificate)).toEqual(["ignored", undefined]);
	});

	test.each([
		["listeners: {a: {bind: 'h:1'}}\n", "listeners: has no default"],
		["listeners: {default: {type: tcp}}\n", "listeners: has no bind anywhere"],
		["listeners: {default: {}, a: {type: ws}}\n", "listeners.a: needs bind"],
		["listeners: {default: {bind: '1883'}}\n", 'listeners.default.bind: "1883" is not allowed; it takes ADDRESS:PORT'],
		["listeners: {default: {bind: 'h:1:2'}}\n", "is not allowed; it takes ADDRESS:PORT"],
		["listeners: {default: {bind: 'h:x'}}\n", "is not allowed; it takes ADDRESS:PORT"],
		[
			"listeners: {default: {bind: 'h:1'}, a: {bind: 'h:1'}}\n",
			"listeners.a.bind: h:1 is the address of default already",
		],
		["listeners: {default: {bind: 'h:1', type: udp}}\n", "one of tcp, ws"],
		["listeners: {default: {bind: 'h:1', ssl: on}}\n", "listeners.default: needs certfile, for ssl is on"],
		["listeners: {default: {bind: 'h:1', ssl: on, certfile: some/certfile}}\n", "needs keyfile"],
		["listeners: {default: {bind: 'h:1', certfile: some/certfile}}\n", "certfile: has no effect without ssl: on"],
		["listeners: {default: {bind: 'h:1', ssl: on, certfile: no/file}}\n", "no/file does not exist"],
		["listeners: {default: {bind: 'h:1', max-connections: -1}}\n", "max-connections: -1 is not allowed"],
		["listeners: {default: {bind: 'h:1', max-connection: 1}}\n", "unknown key; did you mean max-connections?"],
		["auth: {allow-anonymous: true}\n", "listeners: is missing"],
	])("%s: %s", (config, problem) => {
		expect(problems(config)).toContain(problem);
	});
});

describe("auth", () => {
	const allowed = (auth: string) => {
		const { settings, notices } = load(`${LISTENERS}${auth}`);
		return {
			anonymous: settings.listeners[0]?.allowAnonymous,
			checks: settings.auth.checkPasswords,
			notices: notices.map((notice) => notice.split(": ")[1]?.replace(/^mqtt\.embedded\.?/, "")),
		};
	};

	test.each([
		["", true, true, [""]],
		["auth: {}\n", true, true, ["auth"]],
		["auth: {allow-anonymous: true}\n", true, true, []],
		["auth: {password-file: some/passwd_file}\n", false, true, ["auth"]],
		["auth: {password-file: some/passwd_file, allow-anonymous: true}\n", true, true, []],
		["auth: {password-file: some/passwd_file, plugins: [auth_file]}\n", false, true, ["auth"]],
		[
			"auth: {password-file: some/passwd_file, plugins: [auth_anonymous]}\n",
			false,
			true,
			["auth.password-file", "auth"],
		],
		["auth: {plugins: [auth_anonymous]}\n", true, false, ["auth.plugins", "auth"]],
		["auth: {plugins: [auth.anonymous], allow-anonymous: true}\n", true, false, ["auth.plugins"]],
	])("%j: anonymous clients %s, passwords checked %s", (auth, anonymous, checks, notices) => {
		expect(allowed(auth)).toEqual({ anonymous, checks, notices });
	});

	test.each([
		["auth: {plugins: []}\n", "auth.plugins: is empty, which lets everybody in"],
		[
			"auth: {plugins: [auth_anonymous], allow-anonymous: false}\n",
			"auth.plugins: lets in whoever gives any user name",
		],
		["auth: {allow-anonymous: false}\n", "nobody could connect"],
		["auth: {plugins: [auth_fil]}\n", "is not allowed; it takes one of auth_anonymous"],
		["auth: {password-file: no/file}\n", "no/file does not exist"],
		["auth: {password_file: some/passwd_file}\n", "unknown key; did you mean password-file?"],
		["auth:\n", "auth: has no value"],
	])("%s: %s", (auth, problem) => {
		expect(problems(`${LISTENERS}${auth}`)).toContain(problem);
	});
});

describe("topic-check", () => {
	const ACL = "acl: {bert: ['a/#']}";
	const access = (check: string) => load(`${LISTENERS}${check}`).settings.access;
	const bert = [{ user: "bert", filters: ["a/#"] }];

	test.each<[string, object]>([
		["", { kind: "open" }],
		["topic-check: {enabled: false}\n", { kind: "open" }],
		[`topic-check: {enabled: false, ${ACL}}\n`, { kind: "open" }],
		["topic-check: {enabled: true, plugins: []}\n", { kind: "open" }],
		[`topic-check: {enabled: true, ${ACL}}\n`, { kind: "topics", subscribe: bert, publish: undefined, taboo: false }],
		[
			`topic-check: {enabled: true, plugins: [topic_acl, topic_taboo], ${ACL}, publish-${ACL}}\n`,
			{ kind: "topics", subscribe: bert, publish: bert, taboo: true },
		],
	])("%j", (check, expected) => {
		expect(access(check)).toEqual(expected);
	});

	test.each([
		["topic-check: {enabled: true}\n", "needs acl: without one nobody could subscribe"],
		["topic-check: {enabled: true, plugins: [topic_acl]}\n", "needs acl"],
		[
			`topic-check: {enabled: true, plugins: [topic_taboo], ${ACL}}\n`,
			"acl: has no effect unless plugins has topic_acl",
		],
		[`topic-check: {${ACL}}\n`, "needs enabled: true or false"],
		["topic-check: {enabled: true, acl: {bert: ['a/#/b']}}\n", '"a/#/b" has # before its end'],
		["topic-check: {enabled: true, acl: {bert: a}}\n", "acl.bert"],
	])("%s: %s", (check, problem) => {
		expect(problems(`${LISTENERS}${check}`)).toContain(problem);
	});
});

test.each([
	["max-qos: 1\n", 1],
	["", 2],
])("%j: subscriptions are granted QoS %i at most", (line, maxQos) => {
	expect(load(`${LISTENERS}${line}`).settings.limits.maxQos).toBe(maxQos);
});

test.each([
	["max-qos: 3\n", "max-qos: 3 is not allowed; it takes a whole number from 0 to 2"],
	["sys_interval: -1\n", "sys_interval: -1 is not allowed"],
	["timeout-disconnect-delay: soon\n", "timeout-disconnect-delay"],
	["topic_check: {}\n", "unknown key; did you mean topic-check?"],
	["plugins: {amqtt.plugins.sys.broker.BrokerSysPlugin: {sys_interval: 20}}\n", "plugins: a mapping is not allowed"],
])("%j is refused: %s", (line, problem) => {
	expect(problems(`${LISTENERS}${line}`)).toContain(problem);
});

test("a store of HBMQTT's is pointed out", () => {
	expect(load(`${LISTENERS}persistence: {file: x.db}\n`).notices.join()).toContain("persistence: has no effect");
});
