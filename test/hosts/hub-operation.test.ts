import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { connect } from "mqtt";
import type { IAuthPacket } from "mqtt-packet";
import type { Command } from "./support/command.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { hubCommand } from "./support/hub-process.ts";
import { MetricsText } from "./support/metrics-text.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { ScramClient } from "./support/scram-client.ts";

const CONFIGURATION = `
listeners:
  lan: { bind: "127.0.0.1:0" }
  web: { type: ws, bind: "127.0.0.1:0" }
auth:
  users: { lamp: light }
limits: { messages_per_second: 7, connections_per_address: 2 }
log: { format: text }
http: { bind: "127.0.0.1:0", health: false }
sys_interval: 0
`;
const METHOD = "SCRAM-SHA-256";

let folder: ConfigFolder;
let command: Command;
let lan: number;
let web: number;
let http: string;

beforeEach(async () => {
	folder = new ConfigFolder();
	folder.write({ "motehub.yaml": CONFIGURATION });
	command = hubCommand("--config", folder.file("motehub.yaml"), "--data", folder.file("data"), "--memory");
	const ready = /^motehub ready: mqtt:\S+:(\d+) ws:\S+:(\d+) (http:\S+)$/m;
	const [, tcpPort, webPort, url = ""] = await command.prints(ready);
	lan = Number(tcpPort);
	web = Number(webPort);
	http = url;
});
afterEach(async () => {
	await command.dispose();
	folder.remove();
});

async function metrics(): Promise<MetricsText> {
	return new MetricsText(await (await fetch(`${http}/metrics`)).text());
}

test("metrics and health are where the configuration says", async () => {
	expect((await metrics()).value("motehub_healthy")).toBe(1);
	expect((await fetch(`${http}/health`)).status).toBe(404);
	expect((await fetch(`http://127.0.0.1:${web}/metrics`)).status).toBe(404);
});

test("connections_per_address, sys_interval and the log's format are in force", async () => {
	const peers = [await RawPeer.open(lan), await RawPeer.open(lan), await RawPeer.open(lan)];
	await peers[2]?.closed();
	for (const peer of peers) {
		peer.socket.end();
		await peer.closed();
	}
	const now = await metrics();
	expect(now.value('motehub_limit_hits_total{limit="connectionsPerAddress"}')).toBe(1);
	expect(now.value("motehub_retained_messages")).toBe(0);
	command.signal("SIGTERM");
	await command.exitCode();
	expect(command.stderr).toMatch(/Z warn {2}connection dropped listener=lan reason="more than 2 connections from 127/);
});

test("messages_per_second is in force, for a client that does not send its password", async () => {
	const scram = new ScramClient("lamp", "light");
	const client = connect(`mqtt://127.0.0.1:${lan}`, {
		protocolVersion: 5,
		reconnectPeriod: 0,
		properties: { authenticationMethod: METHOD, authenticationData: Buffer.from(scram.first) },
	});
	client.handleAuth = ({ properties }: IAuthPacket, callback) => {
		const authenticationData = Buffer.from(scram.final(String(properties?.authenticationData)));
		callback(undefined, {
			cmd: "auth",
			reasonCode: 0x18,
			properties: { authenticationMethod: METHOD, authenticationData },
		});
	};
	await new Promise((resolve, reject) => client.once("connect", resolve).once("error", reject));
	await Promise.all(Array.from({ length: 9 }, (_, i) => client.publishAsync("t", `${i}`, { qos: 1 })));
	const now = await metrics();
	expect(now.value("motehub_publish_received_total")).toBe(9);
	expect(now.value('motehub_limit_hits_total{limit="messagesPerSecond"}')).toBeGreaterThan(0);
	await client.endAsync();
});
