import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Pump } from "../../hosts/hub/pump.ts";
import { CONNECTION_LIMITS } from "../../hosts/hub/socket-connection.ts";
import { MemoryStore } from "../../hosts/hub/store/index.ts";
import { TcpConnection } from "../../hosts/hub/tcp-connection.ts";
import type { BrokerAction, BrokerCore, ConnectionId, StoreWrite } from "../../src/broker/index.ts";

const INFO = { address: "test", listener: "test", transport: "tcp" } as const;
const WRITE: StoreWrite = { kind: "delete", table: "retained", key: [1] };
const COMMIT = { kind: "commit", writes: [WRITE], isUrgent: true } as const;

/** A core that does as each test tells it, and notes what it is told. */
class ScriptedCore {
	readonly told: string[] = [];
	readonly actions: BrokerAction[] = [];
	onReceive: (connection: ConnectionId, text: string) => void = () => undefined;

	open(connection: ConnectionId): void {
		this.told.push(`open ${connection}`);
	}
	receive(connection: ConnectionId, bytes: Uint8Array): void {
		this.onReceive(connection, Buffer.from(bytes).toString());
	}
	writable(connection: ConnectionId, flag: boolean): void {
		this.told.push(`writable ${connection} ${flag}`);
	}
	closed(connection: ConnectionId): void {
		this.told.push(`closed ${connection}`);
	}
	committed(batch: number): void {
		this.told.push(`committed ${batch}`);
	}
	tick(): void {
		this.told.push("tick");
	}
	nextTimeout(): undefined {}
	poll(): BrokerAction | undefined {
		return this.actions.shift();
	}
	echo(connection: ConnectionId, text: string): void {
		this.actions.push({ kind: "send", connection, chunks: [Buffer.from(text)] });
	}
}

let core: ScriptedCore;
let faults: string[];
let pump: Pump;
let server: Server;
let port: number;
const sockets: Socket[] = [];

async function start(
	store: Pick<MemoryStore, "close"> & { commit(): void | Promise<void> } = new MemoryStore(),
): Promise<void> {
	pump = new Pump(core as unknown as BrokerCore, {
		authenticate: () => ({ allow: true }),
		store,
		event: () => undefined,
		published: () => undefined,
		fault: (what, error) => faults.push(`${what}: ${(error as Error).message}`),
	});
	server = createServer({ noDelay: true }, (socket) => pump.accept(new TcpConnection(socket, CONNECTION_LIMITS), INFO));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	port = (server.address() as { readonly port: number }).port;
}

async function peer(): Promise<Socket> {
	const socket = connect(port, "127.0.0.1");
	sockets.push(socket);
	await once(socket, "connect");
	return socket;
}

async function echoed(socket: Socket, text: string): Promise<string> {
	const answer = once(socket, "data") as Promise<[Buffer]>;
	socket.write(text);
	return (await answer)[0].toString();
}

beforeEach(() => {
	core = new ScriptedCore();
	faults = [];
});
afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	server.close();
	await pump.finish();
});

test("an exception in the core closes the connection at hand, and no other", async () => {
	await start();
	core.onReceive = (connection, text) => {
		if (text === "bad") throw new Error("bug");
		core.echo(connection, text);
	};
	const good = await peer();
	const bad = await peer();
	expect(await echoed(good, "before")).toBe("before");
	bad.write("bad");
	await once(bad, "close");
	expect(await echoed(good, "after")).toBe("after");
	expect(faults).toEqual(["the broker core failed: bug"]);
	expect(core.told).toContain("closed 2");
});

test("an exception while actions are drained is reported, and the next turn goes on", async () => {
	await start();
	const socket = await peer();
	const poll = core.poll.bind(core);
	core.onReceive = (connection, text) => core.echo(connection, text);
	core.poll = () => {
		core.poll = poll;
		throw new Error("bug");
	};
	socket.write("a");
	while (faults.length === 0) await new Promise(setImmediate);
	let text = "";
	const both = new Promise<void>((resolve) => {
		socket.on("data", (bytes) => {
			text += bytes.toString();
			if (text.length === 2) resolve();
		});
	});
	socket.write("b");
	await both;
	expect(text).toBe("ab");
	expect(faults).toEqual(["the broker core failed: bug"]);
});

test("a full socket is reported, and the drained one too", async () => {
	await start();
	const socket = await peer();
	socket.pause();
	core.onReceive = (connection) =>
		core.actions.push({ kind: "send", connection, chunks: [new Uint8Array(33_554_432)] });
	socket.write("more");
	while (core.told.length < 2) await new Promise(setImmediate);
	expect(core.told).toEqual(["open 1", "writable 1 false"]);
	socket.on("data", () => undefined).resume();
	while (core.told.length < 3) await new Promise(setImmediate);
	expect(core.told[2]).toBe("writable 1 true");
});

test("reading stops and goes on as the core says", async () => {
	await start();
	const socket = await peer();
	const texts: string[] = [];
	core.onReceive = (connection, text) => {
		texts.push(text);
		if (text !== "stop") return;
		core.actions.push({ kind: "read", connection, flag: false });
		core.echo(connection, "stopped");
	};
	expect(await echoed(socket, "stop")).toBe("stopped");
	socket.write("unread");
	const other = await peer(); // a round trip of another connection: "unread" would have arrived by then
	core.onReceive = (connection, text) => {
		texts.push(text);
		core.echo(connection, text);
	};
	expect(await echoed(other, "other")).toBe("other");
	expect(texts).toEqual(["stop", "other"]);
	pump.call(() => core.actions.push({ kind: "read", connection: 1, flag: true }));
	expect(String((await once(socket, "data"))[0])).toBe("unread");
});

test("a commit is reported once it is done, and never when it failed", async () => {
	const outcomes: { resolve(): void; reject(error: Error): void }[] = [];
	const commit = () => new Promise<void>((resolve, reject) => outcomes.push({ resolve, reject }));
	await start({ commit, close: () => undefined });
	pump.call(() => core.actions.push({ ...COMMIT, batch: 1 }, { ...COMMIT, batch: 2 }));
	while (outcomes.length < 2) await new Promise(setImmediate);
	expect(core.told).toEqual([]);
	outcomes[0]?.resolve();
	outcomes[1]?.reject(new Error("disk full"));
	while (faults.length === 0) await new Promise(setImmediate);
	expect(core.told).toEqual(["committed 1"]);
	expect(faults).toEqual(["the store failed; what waits for it is not acknowledged: disk full"]);
});
