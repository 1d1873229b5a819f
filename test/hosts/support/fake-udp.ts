import type { UdpSocket, UdpSocketOptions } from "../../../hosts/device/platform.ts";

export interface Sent {
	readonly query: Uint8Array;
	readonly address: string;
	readonly port: number;
	readonly socket: FakeUdp;
}

/** What is sent is kept; what comes back is up to the test. */
export class FakeUdp implements UdpSocket {
	static sent: Sent[] = [];
	static open = 0;
	static unreachable: string | undefined;
	readonly #options: UdpSocketOptions;
	readonly #packets: (ArrayBuffer & { address: string; port: number })[] = [];

	static reset(): void {
		FakeUdp.sent = [];
		FakeUdp.open = 0;
		FakeUdp.unreachable = undefined;
	}

	/** The packet that was sent as this one in order. */
	static at(index: number): Sent {
		const packet = FakeUdp.sent[index];
		if (!packet) throw new Error(`only ${FakeUdp.sent.length} packets were sent`);
		return packet;
	}

	constructor(options: UdpSocketOptions) {
		this.#options = options;
		FakeUdp.open++;
	}

	read(): (ArrayBuffer & { address: string; port: number }) | undefined {
		return this.#packets.shift();
	}

	write(query: Uint8Array, address: string, port: number): void {
		if (address === FakeUdp.unreachable) throw new Error("UDP send failed");
		FakeUdp.sent.push({ query, address, port, socket: this });
	}

	close(): void {
		FakeUdp.open--;
	}

	receive(bytes: Uint8Array, address: string, port: number): void {
		this.#packets.push(Object.assign(Uint8Array.from(bytes).buffer, { address, port }));
		this.#options.onReadable(this.#packets.length);
	}
}
