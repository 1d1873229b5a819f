/** Where the simulated network has its time server: at every address. */
export const TIME_SERVER_PORT = 123;

const LENGTH = 48;
const TRANSMIT = 40;
/** No warning, version 4, mode 4 (server). */
const SERVER_V4 = 0x24;
const STRATUM = 2;
const NTP_TO_UNIX = 2_208_988_800;
const ERA = 2 ** 32;

/** Answers an SNTP request. `time`: ms since 1970. Undefined: it is no request. */
export function answerTime(request: Uint8Array, time: number): Uint8Array | undefined {
	if (request.length < LENGTH || ((request[0] ?? 0) & 7) !== 3) return undefined;
	const answer = Buffer.alloc(LENGTH);
	answer[0] = SERVER_V4;
	answer[1] = STRATUM;
	answer.set(request.subarray(TRANSMIT, LENGTH), 24);
	answer.writeUInt32BE((Math.floor(time / 1_000) + NTP_TO_UNIX) % ERA, TRANSMIT);
	return answer;
}
