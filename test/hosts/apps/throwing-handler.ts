import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import config from "mc/config";
import Time from "time";
import Timer from "timer";
import { DeviceClock, DeviceRandom, Resolver, TcpTransport, TraceLog } from "../../../hosts/device/index.ts";
import { Client } from "../../../src/client/index.ts";

/** Every callback that the client calls throws. */
export default function main(): void {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const log = new TraceLog();
	const resolver = new Resolver({ io: UDP, servers: () => [], clock, random });
	const transport = new TcpTransport({ host: "127.0.0.1", port: Number(config.port), io: TCP, resolver, clock, log });
	const client = new Client(
		{
			clientId: "thrower",
			onState(state) {
				trace(`state ${state.kind}\n`);
				throw new TypeError("from onState");
			},
		},
		{ transport, clock, random, log },
	);
	client.subscribe(
		"throw",
		(message) => {
			trace(`message ${message.payload.length}\n`);
			throw new TypeError("from a handler");
		},
		{ qos: 1 },
		() => {
			trace("subscribed\n");
			client.publish("throw", "12345", { qos: 1 }, () => {
				trace("published\n");
				throw new TypeError("from done");
			});
			throw new TypeError("from subscribe's done");
		},
	);
	client.start();
}
