import type { SecureVersion } from "node:tls";
import { type RecordChange, startTls } from "../tls-servers.ts";
import {
	answeringIn,
	type Handshake,
	inBetween,
	insistingOnBadFinishedMac,
	insistingOnBadRecordMac,
	OPENED,
	serving,
} from "./handshake.ts";

const APPLICATION_DATA = 23;
/** Octets of a record's header. */
const HEADER = 5;

/** A server that speaks one old version alone. */
const speaking = (version: SecureVersion) => ({
	minVersion: version,
	maxVersion: version,
	ciphers: "ALL:@SECLEVEL=0",
});
const TLS_1_0 = speaking("TLSv1");
const TLS_1_1 = speaking("TLSv1.1");

/** An old server whose records with data are changed on their way. */
const tampered = (options: typeof TLS_1_0, change: (record: Buffer) => Buffer) => {
	const changeRecord: RecordChange = (record) => [record[0] === APPLICATION_DATA ? change(record) : record];
	return inBetween(() => changeRecord, ["leaf", "intermediate"], options);
};

/** Turns a bit `at` octets from the front, or with a negative number from the end. */
const flipAt = (at: number) => (record: Buffer) => {
	const octet = at < 0 ? record.length + at : at;
	record[octet] = (record[octet] ?? 0) ^ 1;
	return record;
};

/** Leaves out the last block: what is the last then ends as padding only by chance. */
const withoutLastBlock = (record: Buffer) => {
	record.writeUInt16BE(record.length - HEADER - 16, 3);
	return record.subarray(0, -16);
};

/** Closes unless the first record with data carries a single octet: what follows it in its block nobody could foresee. */
const insistingOnSplitRecords: Pick<Handshake, "start"> = {
	start: (authority) =>
		startTls({ ...authority.identity(["leaf", "intermediate"]), ...TLS_1_0 }, (socket) => {
			socket.once("data", (first: Buffer) => {
				if (first.length !== 1) socket.destroy();
				socket.write(first);
				socket.pipe(socket);
			});
		}),
};

/** Old servers that a build of `legacy` calls with their version named. */
export const LEGACY_ACCEPTED: readonly Handshake[] = [
	{ name: "TLS 1.0, ECDSA", version: "1.0", ...serving(["leaf", "intermediate"], TLS_1_0), outcome: OPENED },
	{ name: "TLS 1.1, ECDSA", version: "1.1", ...serving(["leaf", "intermediate"], TLS_1_1), outcome: OPENED },
	{
		name: "TLS 1.0, RSA",
		version: "1.0",
		trust: ["rootRsa"],
		...serving(["leafRsa", "intermediateRsa"], TLS_1_0),
		outcome: OPENED,
	},
	{
		name: "TLS 1.1, RSA",
		version: "1.1",
		trust: ["rootRsa"],
		...serving(["leafRsa", "intermediateRsa"], TLS_1_1),
		outcome: OPENED,
	},
	{
		name: "TLS 1.0, a server that knows newer ones",
		version: "1.0",
		...serving(["leaf", "intermediate"], { ...TLS_1_0, maxVersion: "TLSv1.3" }),
		outcome: OPENED,
	},
	{
		name: "TLS 1.0, a server that would like a client certificate",
		version: "1.0",
		...serving(["leaf", "intermediate"], { ...TLS_1_0, requestCert: true, rejectUnauthorized: false }),
		outcome: OPENED,
	},
	{ name: "TLS 1.0, data in split records", version: "1.0", ...insistingOnSplitRecords, outcome: OPENED },
];

/** Servers that do not get by with an old version either. */
export const LEGACY_REFUSED: readonly Handshake[] = [
	{
		name: "TLS 1.0, unknown CA",
		version: "1.0",
		trust: ["root384"],
		...serving(["leaf", "intermediate"], TLS_1_0),
		outcome: /^tls: .*is not bundled/,
	},
	{
		name: "TLS 1.1, wrong host",
		version: "1.1",
		host: "other.example.com",
		...serving(["leaf", "intermediate"], TLS_1_1),
		outcome: /^tls: .*not for "other\.example\.com"/,
	},
	{
		name: "TLS 1.0 asked of a server with 1.2",
		version: "1.0",
		...serving(["leaf", "intermediate"]),
		outcome: /^tls: .*speaks no TLS 1\.0/,
	},
	{
		name: "TLS 1.1 asked of a server with 1.0",
		version: "1.1",
		...serving(["leaf", "intermediate"], TLS_1_0),
		outcome: /^tls: .*speaks no TLS 1\.1/,
	},
	{
		name: "TLS 1.0, an answer in TLS 1.1",
		version: "1.0",
		...answeringIn(0x0302, TLS_1_0),
		outcome: /^tls: .*speaks no TLS 1\.0/,
	},
	{
		name: "TLS 1.1, an answer in TLS 1.2",
		version: "1.1",
		...answeringIn(0x0303, TLS_1_1),
		outcome: /^tls: .*speaks no TLS 1\.1/,
	},
	{
		name: "TLS 1.1, an answer in TLS 1.0",
		version: "1.1",
		...answeringIn(0x0301, TLS_1_1),
		outcome: /^tls: .*speaks no TLS 1\.1/,
	},
	{
		name: "TLS 1.0, a changed record, and the server hears of it",
		version: "1.0",
		...insistingOnBadRecordMac(flipAt(HEADER), TLS_1_0),
		rounds: 2,
		outcome: /^tls: .*a record that somebody has changed.* \| opened and echoed$/,
	},
	{
		name: "TLS 1.1, the padding changed, and the server hears of it in the same words",
		version: "1.1",
		...insistingOnBadRecordMac(flipAt(-17), TLS_1_1),
		rounds: 2,
		outcome: /^tls: .*a record that somebody has changed.* \| opened and echoed$/,
	},
	{
		name: "TLS 1.0, a changed Finished, and the server hears of it",
		version: "1.0",
		...insistingOnBadFinishedMac(flipAt(HEADER), TLS_1_0),
		rounds: 2,
		outcome: /^tls: .*a record that somebody has changed.* \| opened and echoed$/,
	},
	{
		name: "TLS 1.1, the padding of the Finished changed, and the server hears of it in the same words",
		version: "1.1",
		...insistingOnBadFinishedMac(flipAt(-17), TLS_1_1),
		rounds: 2,
		outcome: /^tls: .*a record that somebody has changed.* \| opened and echoed$/,
	},
	{
		name: "TLS 1.0, the first octet of a record changed",
		version: "1.0",
		...tampered(TLS_1_0, flipAt(HEADER)),
		outcome: /^tls: .*a record that somebody has changed/,
	},
	{
		name: "TLS 1.1, the vector of a record changed",
		version: "1.1",
		...tampered(TLS_1_1, flipAt(HEADER)),
		outcome: /^tls: .*a record that somebody has changed/,
	},
	{
		name: "TLS 1.1, the padding of a record changed",
		version: "1.1",
		...tampered(TLS_1_1, flipAt(-17)),
		outcome: /^tls: .*a record that somebody has changed/,
	},
	{
		name: "TLS 1.1, a record without its last block",
		version: "1.1",
		...tampered(TLS_1_1, withoutLastBlock),
		outcome: /^tls: .*a record that somebody has changed/,
	},
	{
		name: "TLS 1.0, a record that is cut off",
		version: "1.0",
		...tampered(TLS_1_0, (record) => {
			record.writeUInt16BE(record.length - HEADER - 1, 3);
			return record.subarray(0, -1);
		}),
		outcome: /^tls: .*a record that is cut off/,
	},
	{
		name: "TLS 1.2 in a build for older ones",
		...serving(["leaf", "intermediate"]),
		outcome: /UsageError: TLS 1\.2 is not in this build, which speaks 1\.0 and 1\.1/,
	},
	{
		name: "TLS 1.1 with a client certificate",
		version: "1.1",
		identity: ["leaf", "intermediate"],
		...serving(["leaf", "intermediate"], TLS_1_1),
		outcome: /UsageError: TLS 1\.1 is without client certificates/,
	},
];
