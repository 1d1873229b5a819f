import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import config from "mc/config";
import Time from "time";
import Timer from "timer";
import {
	DeviceClock,
	DeviceRandom,
	Resolver,
	TcpTransport,
	TimedTransport,
	TimeKeeper,
	TraceLog,
} from "../../../hosts/device/index.ts";

/** Opens a connection that waits for the time, and tells which time that is. */
export default function main(): void {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const log = new TraceLog("debug");
	const resolver = new Resolver({ io: UDP, servers: () => [], clock, random });
	const earliest = Number(config.earliest);
	const keeper = new TimeKeeper({ io: UDP, time: Time, resolver, servers: ["10.0.2.4"], earliest, clock, random, log });
	const tcp = new TcpTransport({ host: "127.0.0.1", port: Number(config.port), io: TCP, resolver, clock, log });
	trace(`the clock is ${keeper.isSet ? "set" : "not set"}\n`);
	new TimedTransport(tcp, keeper).open({
		opened: () => trace(`opened at ${Math.floor(Date.now() / 1_000)}\n`),
		received: () => undefined,
		writable: () => undefined,
		closed: (failure) => trace(`closed: ${failure?.phase}: ${failure?.message}\n`),
	});
}
