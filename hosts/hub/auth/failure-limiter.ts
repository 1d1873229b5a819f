import type { Millis } from "../../../src/ports/index.ts";

interface FailureRecord {
	/** Failures, fading: each counts half after `HALF_LIFE`. */
	readonly failures: number;
	readonly updatedAt: Millis;
	/** When the next password from there may be checked. */
	nextAt: Millis;
}

/** Mistakes that cost nothing. */
const FREE_FAILURES = 5;
const FIRST_PENALTY: Millis = 500;
const LONGEST_PENALTY: Millis = 5_000;
/** Who would have to wait longer is refused: the client would have given up by then. */
const LONGEST_WAIT: Millis = 8_000;
const HALF_LIFE: Millis = 60_000;
const ADDRESSES = 10_000;

/** Slows down who gives wrong passwords: each one makes the next from the same address wait, up to five seconds. */
export class FailureLimiter {
	// In the order of their last failure, so that the first is the one to forget.
	readonly #records = new Map<string, FailureRecord>();

	/** How long to wait before a password from there is checked, or undefined to refuse it unchecked. */
	admit(address: string, now: Millis): Millis | undefined {
		const record = this.#records.get(networkOf(address));
		const penalty = record === undefined ? 0 : penaltyOf(fade(record, now));
		if (record === undefined || penalty === 0) return 0;
		const at = Math.max(now, record.nextAt) + penalty;
		if (at - now > LONGEST_WAIT) return undefined;
		record.nextAt = at;
		return at - now;
	}

	/** True: the address is slowed down from now on, and was not before. */
	failed(address: string, now: Millis): boolean {
		const network = networkOf(address);
		const record = this.#records.get(network);
		const before = record === undefined ? 0 : fade(record, now);
		this.#records.delete(network);
		this.#records.set(network, { failures: before + 1, updatedAt: now, nextAt: record?.nextAt ?? now });
		this.#forgetOldest();
		return penaltyOf(before) === 0 && penaltyOf(before + 1) > 0;
	}

	#forgetOldest(): void {
		if (this.#records.size <= ADDRESSES) return;
		for (const oldest of this.#records.keys()) {
			this.#records.delete(oldest);
			return;
		}
	}
}

function fade({ failures, updatedAt }: FailureRecord, now: Millis): number {
	return failures * 2 ** ((updatedAt - now) / HALF_LIFE);
}

function penaltyOf(failures: number): Millis {
	const excess = Math.round(failures) - FREE_FAILURES;
	return excess < 0 ? 0 : Math.min(FIRST_PENALTY * 2 ** excess, LONGEST_PENALTY);
}

/** The part of `address` or `address:port` that one household has: all of an IPv4 address, half of an IPv6 address. */
export function networkOf(address: string): string {
	const host = address.startsWith("[") ? address.slice(1, address.indexOf("]")) : withoutPort(address);
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
	if (mapped !== undefined) return mapped;
	if (!host.includes(":")) return host;
	const [head = "", tail] = host.split("::");
	const groups = head === "" ? [] : head.split(":");
	const rest = tail === undefined || tail === "" ? [] : tail.split(":");
	while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
	return `${[...groups, ...rest].slice(0, 4).join(":")}::/64`;
}

function withoutPort(address: string): string {
	const [host = "", , more] = address.split(":");
	return more === undefined ? host : address;
}
