import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import config from "mc/config";
import { Client } from "motehub/client";
import { DeviceClock, DeviceRandom, Resolver, TcpTransport, TraceLog } from "motehub/device";
import { secured } from "security";
import Time from "time";
import Timer from "timer";

/** Connects, subscribes if asked to, and publishes a payload that the heap does not hold. */
export default function main() {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const log = new TraceLog();
	const resolver = new Resolver({ io: UDP, servers: () => [], clock, random });
	const tcp = new TcpTransport({ host: "127.0.0.1", port: config.port, io: TCP, resolver, clock, log });
	const client = new Client({ clientId: "heap" }, { transport: secured(tcp, clock, log), clock, random, log });
	const payload = { length: config.size, read: (_offset, most) => new Uint8Array(most) };
	const publish = () => client.publish("heap/out", payload);
	if (config.subscribes) client.subscribe("heap/in", () => {}, {}, publish);
	else publish();
	client.start();
}
