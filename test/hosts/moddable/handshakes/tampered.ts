import { type RecordChange, startPlain } from "../tls-servers.ts";
import {
	answeringIn,
	type Handshake,
	inBetween,
	insistingOnBadFinishedMac,
	insistingOnBadRecordMac,
} from "./handshake.ts";

const HANDSHAKE_RECORD = 22;
const SERVER_KEY_EXCHANGE = 12;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;

/** The genuine server behind somebody who changes its handshake messages of one type. */
const tampered = (type: number, change: RecordChange) =>
	inBetween(() => (record) => (record[0] === HANDSHAKE_RECORD && record[5] === type ? change(record) : [record]));

const SERVER_HELLO_DONE = Buffer.from([22, 3, 3, 0, 4, 14, 0, 0, 0]);
const CHANGE_CIPHER_SPEC = Buffer.from([20, 3, 3, 0, 1, 1]);
const UNRECOGNIZED_NAME_WARNING = Buffer.from([21, 3, 3, 0, 2, 1, 112]);
const CLOSE_NOTIFY = Buffer.from([21, 3, 3, 0, 2, 1, 0]);

const flipLast = (record: Buffer): Buffer => {
	record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
	return record;
};

/** In a ServerKeyExchange of P-256, the octets after curve and point: which hash and signature. */
const nameNoAlgorithm = (record: Buffer): Buffer => {
	const parameters = 5 + 4;
	record.writeUInt16BE(0, parameters + 4 + record.readUInt8(parameters + 3));
	return record;
};

/** Servers, and others on the way to them, that break the rules of TLS. */
export const TAMPERED: readonly Handshake[] = [
	{
		name: "an answer in TLS 1.1",
		...answeringIn(0x0302),
		outcome: /^tls: .*speaks no TLS 1\.2/,
	},
	{
		name: "an answer in a version above the one offered",
		...answeringIn(0x0304),
		outcome: /^tls: .*speaks no TLS 1\.2/,
	},
	{
		name: "a changed record, and the server hears of it",
		...insistingOnBadRecordMac(flipLast),
		rounds: 2,
		outcome: /^tls: .*cannot be read .* \| opened and echoed$/,
	},
	{
		name: "a changed Finished, and the server hears of it",
		...insistingOnBadFinishedMac(flipLast),
		rounds: 2,
		outcome: /^tls: .*cannot be read .* \| opened and echoed$/,
	},
	{
		name: "a close in the handshake",
		start: () => startPlain((socket) => socket.once("data", () => socket.end(Buffer.from([22, 3, 3, 0, 90, 2])))),
		outcome: /^tls: .*closed the connection during the TLS handshake/,
	},
	{
		name: "no TLS at all",
		start: () => startPlain((socket) => socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))),
		outcome: /^tls: .*does not speak TLS on this port/,
	},
	{
		name: "an endless record",
		start: () => startPlain((socket) => socket.once("data", () => socket.write(Buffer.from([22, 3, 3, 0xff, 0xff])))),
		outcome: /^tls: .*a record of 65535 bytes/,
	},
	{
		name: "a key exchange with a bad signature",
		...tampered(SERVER_KEY_EXCHANGE, (record) => [flipLast(record)]),
		outcome: /^tls: .*does not have the private key of its certificate/,
	},
	{
		name: "a key exchange without a signature algorithm",
		...tampered(SERVER_KEY_EXCHANGE, (record) => [nameNoAlgorithm(record)]),
		outcome: /^tls: .*signs its key exchange with what we did not offer/,
	},
	{
		name: "no certificate message",
		...tampered(CERTIFICATE, () => []),
		outcome: /^tls: .*handshake message 12 came after 2/,
	},
	{
		name: "a message that comes twice",
		...tampered(SERVER_HELLO, (record) => [record, record]),
		outcome: /^tls: .*handshake message 2 came after 2/,
	},
	{
		name: "a message that comes too early",
		...tampered(CERTIFICATE, (record) => [SERVER_HELLO_DONE, record]),
		outcome: /^tls: .*handshake message 14 came after 2/,
	},
	{
		name: "new keys before the key exchange",
		...tampered(SERVER_HELLO, (record) => [record, CHANGE_CIPHER_SPEC]),
		outcome: /^tls: .*new keys after handshake message 2/,
	},
	{
		name: "a warning in the handshake",
		...tampered(SERVER_HELLO, (record) => [record, UNRECOGNIZED_NAME_WARNING]),
		outcome: /^tls: .*it has no certificate for this name/,
	},
	{
		name: "a close in good order in the handshake",
		...tampered(CERTIFICATE, () => [CLOSE_NOTIFY]),
		outcome: /^tls: .*the server refused the TLS handshake: it closed the connection/,
	},
	{
		name: "data before the end of the handshake",
		...tampered(SERVER_HELLO, (record) => [record, Buffer.from([23, 3, 3, 0, 1, 0x41])]),
		outcome: /^tls: .*data before the end of the handshake/,
	},
];
