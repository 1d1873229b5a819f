import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import config from "mc/config";
import Time from "time";
import Timer from "timer";
import verdicts from "verdicts";
import { DeviceClock, DeviceRandom, Resolver, TcpTransport, TraceLog } from "../../../hosts/device/index.ts";
import {
	type BundledIdentity,
	bundledIdentity,
	bundledTrust,
	ecdsaVerifier,
	TlsTransport,
	type TlsVersion,
} from "../../../hosts/device/tls/index.ts";
import { verifySignature } from "../../../hosts/device/tls/signature-verifier.ts";
import { parseCertificate } from "../../../src/tls/index.ts";

/** A server, whom to take it for, and whom to say that we are. */
interface TlsCase {
	readonly name: string;
	readonly port: number;
	readonly host: string;
	readonly certificates: readonly string[];
	readonly insecure: boolean;
	readonly buildTime: number;
	readonly identity?: BundledIdentity;
	readonly alpn?: readonly string[];
	readonly version?: TlsVersion;
	/** Milliseconds that it has to answer. */
	readonly patience: number;
	/** How often to call it. */
	readonly rounds: number;
}

/** A key for updates, in DER, and what Node signed with it. All in hexadecimal. */
interface UpdateCase {
	readonly key: string;
	readonly statement: string;
	readonly signature: string;
}

const ECHOED = 10_000;

const clock = new DeviceClock(Time, Timer);
const log = new TraceLog("error");
const resolver = new Resolver({ io: UDP, servers: () => [], clock, random: new DeviceRandom() });

/** Checks signatures, then calls one server after the other, and traces a line for each. */
export default function main(): void {
	checkSignatures();
	checkUpdate(config.update as UpdateCase);
	runCases(config.cases as readonly TlsCase[], 0);
}

/** Each verdict is of OpenSSL's making: genuine as it is, and forged with one bit of what was signed turned. */
function checkSignatures(): void {
	for (const { algorithm, signed, signature, issuer } of verdicts) {
		const key = parseCertificate(bytesOf(issuer)).publicKey;
		if (key.kind === "unsupported") continue;
		const content = bytesOf(signed);
		const isGenuine = verifySignature(algorithm, key, content, bytesOf(signature));
		content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
		const isForged = verifySignature(algorithm, key, content, bytesOf(signature));
		trace(`signature ${algorithm} ${key.kind}: ${isGenuine && !isForged ? "right" : "wrong"}\n`);
	}
}

function checkUpdate({ key, statement, signature }: UpdateCase): void {
	const verify = ecdsaVerifier(bytesOf(key));
	const [signed, wrong] = [bytesOf(statement), bytesOf(statement)];
	wrong[0] = (wrong[0] ?? 0) ^ 1;
	const isRight = verify(signed, bytesOf(signature)) && !verify(wrong, bytesOf(signature));
	const isRobust = !verify(signed, new Uint8Array(0)) && !verify(signed, new Uint8Array(72));
	trace(`signature of an update: ${isRight && isRobust ? "right" : "wrong"}\n`);
	attempt(new Uint8Array(0));
	attempt(bytesOf(key).fill(0xff, 27));
}

/** Keys that are none. */
function attempt(key: Uint8Array): void {
	try {
		trace(`a key that is none: ${ecdsaVerifier(key)(key, new Uint8Array(8)) ? "wrong" : "right"}\n`);
	} catch (error) {
		trace(`a key that is none: ${(error as Error).name}\n`);
	}
}

function bytesOf(hex: string): Uint8Array {
	return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

function runCases(cases: readonly TlsCase[], at: number): void {
	const each = cases[at];
	if (each === undefined) {
		trace("all cases done\n");
		return;
	}
	runRounds(each, each.rounds, new Set(), (verdicts) => {
		trace(`case ${each.name}: ${[...verdicts].join(" | ")}\n`);
		clock.setTimer(() => runCases(cases, at + 1), 0);
	});
}

/** Collects what the rounds come to, each verdict once. */
function runRounds(each: TlsCase, left: number, verdicts: Set<string>, done: (verdicts: Set<string>) => void): void {
	if (left === 0) {
		done(verdicts);
		return;
	}
	runCase(each, (verdict) => {
		verdicts.add(verdict);
		clock.setTimer(() => runRounds(each, left - 1, verdicts, done), 0);
	});
}

function runCase(each: TlsCase, done: (verdict: string) => void): void {
	try {
		call(each, done);
	} catch (error) {
		done(String(error));
	}
}

function call({ port, identity, alpn, version, patience, ...trusted }: TlsCase, done: (verdict: string) => void): void {
	const transport = new TcpTransport({ host: "127.0.0.1", port, io: TCP, resolver, clock, log });
	const trust = bundledTrust(trusted);
	const options = { transport, trust, identity: identity && bundledIdentity(identity), alpn, version, clock, log };
	// A version that the build does not have is thrown here, before there is a timer.
	const tls = new TlsTransport(options);
	let received = 0;
	const timer = clock.setTimer(() => {
		const step = connection.overdue?.();
		finish(`timeout: ${step?.phase}: ${step?.message}`);
	}, patience);
	const finish = (verdict: string): void => {
		clock.clearTimer(timer);
		connection.close();
		done(verdict);
	};
	const connection = tls.open({
		opened: () => void connection.write(new Uint8Array(ECHOED).fill(0x41)),
		received: (bytes) => {
			received += bytes.every((byte) => byte === 0x41) ? bytes.length : Number.NaN;
			if (received === ECHOED) finish("opened and echoed");
		},
		writable: () => undefined,
		closed: (failure) => finish(failure ? `${failure.phase}: ${failure.message}` : "closed"),
	});
}
