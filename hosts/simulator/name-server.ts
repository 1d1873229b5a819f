import { lookup } from "node:dns/promises";

/** Where the simulated network has its name server; whatever is asked there, this computer looks up. */
export const NAME_SERVER = { address: "10.0.2.3", port: 53 } as const;
const MULTICAST = { address: "224.0.0.251", port: 5353 } as const;

const HEADER_LENGTH = 12;
const RCODE = { NO_ERROR: 0, SERVER_FAILURE: 2, NO_SUCH_NAME: 3 } as const;
const TIME_TO_LIVE = 60;

/** Whether a packet sent there finds a name server. */
export function isNameServer(address: string, port: number): boolean {
	return [NAME_SERVER, MULTICAST].some((server) => server.address === address && server.port === port);
}

/** Answers a DNS query for IPv4 addresses. Undefined: not a query, or by multicast nobody has the name. */
export async function answerQuery(query: Uint8Array, address: string): Promise<Uint8Array | undefined> {
	const name = questionName(query);
	if (name === undefined) return undefined;
	try {
		const found = await lookup(name, { family: 4, all: true });
		return answer(
			query,
			RCODE.NO_ERROR,
			found.map((each) => each.address),
		);
	} catch (error) {
		if (address === MULTICAST.address) return undefined;
		const isMissing = (error as NodeJS.ErrnoException).code === "ENOTFOUND";
		return answer(query, isMissing ? RCODE.NO_SUCH_NAME : RCODE.SERVER_FAILURE, []);
	}
}

function questionName(query: Uint8Array): string | undefined {
	const labels: string[] = [];
	let at = HEADER_LENGTH;
	for (let length = query[at]; length !== 0; length = query[at]) {
		if (length === undefined || length > 63) return undefined;
		labels.push(Buffer.from(query.subarray(at + 1, at + 1 + length)).toString("latin1"));
		at += 1 + length;
	}
	return labels.length > 0 && at + 5 === query.length ? labels.join(".") : undefined;
}

function answer(query: Uint8Array, rcode: number, addresses: readonly string[]): Uint8Array {
	const head = Buffer.from(query);
	head.writeUInt16BE(0x8180 | rcode, 2);
	head.writeUInt16BE(addresses.length, 6);
	return Buffer.concat([head, ...addresses.map(addressRecord)]);
}

/** An A record of the name in the question. */
function addressRecord(address: string): Buffer {
	const record = Buffer.alloc(16);
	record.writeUInt16BE(0xc000 | HEADER_LENGTH, 0);
	record.writeUInt16BE(1, 2);
	record.writeUInt16BE(1, 4);
	record.writeUInt32BE(TIME_TO_LIVE, 6);
	record.writeUInt16BE(4, 10);
	record.set(address.split(".").map(Number), 12);
	return record;
}
