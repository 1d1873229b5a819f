import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import storage from "embedded:storage/key-value";
import config from "mc/config";
import Time from "time";
import Timer from "timer";
import {
	BudgetedStore,
	DeviceClock,
	DeviceRandom,
	KeyValueStore,
	Resolver,
	TcpTransport,
	TraceLog,
	WRITES_PER_DAY,
} from "../../../hosts/device/index.ts";
import { Client } from "../../../src/client/index.ts";

/** A device that sleeps: one wake, one reading at QoS 2, one visit; then power goes, sometimes in the middle of it. */
export default function main(): void {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const log = new TraceLog();
	const flash = new KeyValueStore(storage.open({ path: "motehub", format: "buffer" }));
	const store = new BudgetedStore(flash, { perDay: WRITES_PER_DAY, clock });
	const resolver = new Resolver({ io: UDP, servers: () => [], clock, random });
	const transport = new TcpTransport({ host: "127.0.0.1", port: Number(config.port), io: TCP, resolver, clock, log });
	const options = { clientId: "sleeper", clean: false, persist: true };
	const client = new Client(options, { transport, clock, random, store, log });
	client.subscribe("motehub/dut/command", ({ payload }) => trace(`command ${payload[0]}\n`), { qos: 2 });
	if (typeof config.reading === "number") client.publish("motehub/dut/reading", `${config.reading}`, { qos: 2 });
	void client.visit({ within: 10_000, listen: 100 }).then((reason) => {
		trace(`visit over: ${reason?.message ?? "all done"}, ${client.pending} pending, ${store.writes} writes\n`);
	});
}
