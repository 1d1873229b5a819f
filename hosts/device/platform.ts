/**
 * The parts of Moddable and of ECMA-419 that the device host uses, as the shapes it needs. They are handed in, so the
 * same code runs over TCP or TLS sockets, over another platform's timer, and over stand-ins in tests.
 */

/** ECMA-419 TCP socket, format "buffer". */
export interface TcpSocket {
	/** Fills `bytes`; asking for more than `onReadable` announced throws. */
	read(bytes: Uint8Array): unknown;
	/** Writing more than the credit of `onWritable` throws. */
	write(bytes: Uint8Array): unknown;
	/** Sends what was written, then closes. Callbacks that were on their way may still come. */
	close(): void;
}

/** What a socket is, too, that was given a target. The SDK's typings do not say so, and its classes are to fit `TcpConstructor`. */
export interface TargetedSocket<T> extends TcpSocket {
	/** As in the options. */
	readonly target: T;
}

export interface TcpSocketOptions {
	/** Whom the callbacks are for: their `this` is the socket. */
	readonly target?: unknown;
	/** An IPv4 address: names are the resolver's business. */
	readonly address: string;
	readonly port: number;
	readonly nodelay?: boolean;
	/** `count` bytes can be read, counted from now. */
	onReadable(this: TcpSocket, count: number): void;
	/** `count` bytes can be written, counted from now. The first call says that the connection is open. */
	onWritable(this: TcpSocket, count: number): void;
	/** The connection could not be opened, or has ended in whatever way: the platform does not tell. */
	onError(this: TcpSocket): void;
}

export type TcpConstructor = new (options: TcpSocketOptions) => TcpSocket;

/** ECMA-419 UDP socket. */
export interface UdpSocket {
	read(): (ArrayBuffer & { readonly address: string; readonly port: number }) | undefined;
	/** Throws when there is no way to `address`. */
	write(bytes: Uint8Array, address: string, port: number): void;
	close(): void;
}

export interface UdpSocketOptions {
	/** `count` packets can be read. */
	onReadable(count: number): void;
}

/** Makes a UdpSocket. The SDK's typings leave out its `close`. */
export type UdpConstructor = new (options: UdpSocketOptions) => Omit<UdpSocket, "close">;

/** Moddable's `timer`. Delays are whole milliseconds below 2^31. */
export interface TimerService {
	set(callback: () => void, delay: number): object;
	repeat(callback: () => void, interval: number): object;
	clear(timer: object | null | undefined): void;
}

/** Moddable's `time`. */
export interface TimeService {
	/** Milliseconds, of 32 bits on devices: they go negative after 25 days and start again after 50. */
	readonly ticks: number;
	/** From `start` to `end`, across a wrap. */
	delta(start: number, end: number): number;
}

/** Moddable's `time`, which also sets the machine's clock. */
export interface WallClockService {
	/** What `Date` reads from now on: seconds since 1970. */
	set(seconds: number): void;
}

/** One domain of ECMA-419 key-value storage, format "buffer". Keys hold at most 15 characters on the ESP32. */
export interface KeyValueDomain {
	/** An ArrayBuffer with this format; the SDK's typings know all formats. */
	read(key: string): ArrayBuffer | string | number | bigint | undefined;
	write(key: string, value: Uint8Array): void;
	delete(key: string): void;
	[Symbol.iterator](): Iterator<string>;
}

/** ECMA-419 Wi-Fi network interface, as far as a station in one network needs it. */
export interface WiFiInterface {
	/** 200: disconnected; 300: connecting; 400 and up: joined; 500 and up: with an address. */
	readonly connection: number;
	/** Throws when it is joining already. */
	connect(network: { readonly SSID: string; readonly password?: string; readonly secure?: boolean }): void;
	/** Calls back no more. What is joined stays joined. */
	close(): void;
}

export type WiFiConstructor = new (options: { onChanged(property: string): void }) => WiFiInterface;

/** ECMA-419 update in mode "a": bytes in their order. */
export interface UpdateSession {
	/** Throws when the flash refuses. */
	write(bytes: Uint8Array): void;
	/** Checks the image as far as the platform can, and makes it the one to start. Throws when it is none. */
	complete(): void;
	/** Without `complete` before, the running firmware stays the one to start. */
	close(): void;
}

/** What a board needs that can be updated over the network. */
export interface UpdateSupport {
	/** Opens the partition that is not running for an image of `size` bytes. Throws when it does not fit. */
	open(size: number): UpdateSession;
	/** A new SHA-256, of the platform's: in bytecode it would take longer than the transfer. */
	digest(): { write(bytes: Uint8Array): void; close(): ArrayBuffer };
	/** Says that the running firmware works. Before that, the bootloader goes back to the one before at the next start. */
	confirm(): void;
}

/** Moddable's `net`. */
export interface NetService {
	get(what: "MAC"): string | undefined;
	get(what: "DNS"): readonly string[] | undefined;
	/** Of the Wi-Fi, in dBm; nothing where there is none. */
	get(what: "RSSI"): number | null | undefined;
}
