import type { Seconds } from "../ports/index.ts";
import { type DerReader, TAG } from "./der.ts";

const SECONDS_PER_DAY = 86_400;

/**
 * A `Time` of RFC 5280 section 4.1.2.5 in seconds since 1970-01-01T00:00:00Z: UTCTime `YYMMDDHHMMSSZ` (1950 to 2049) or
 * GeneralizedTime `YYYYMMDDHHMMSSZ`. Other forms that ASN.1 knows (offsets, fractions, no seconds) are refused.
 */
export function readTime(reader: DerReader): Seconds {
	const utc = reader.tag === TAG.utcTime;
	const text = reader.take(utc ? TAG.utcTime : TAG.generalizedTime);
	const yearDigits = utc ? 2 : 4;
	if (text.length !== yearDigits + 11 || text[yearDigits + 10] !== 0x5a)
		throw reader.error("time not in the form of RFC 5280");
	const field = (index: number) => twoDigits(reader, text, yearDigits + 2 * index);
	const year = utc
		? utcYear(twoDigits(reader, text, 0))
		: twoDigits(reader, text, 0) * 100 + twoDigits(reader, text, 2);
	const month = field(0);
	const day = field(1);
	const hour = field(2);
	const minute = field(3);
	const second = field(4);
	const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
	if (!exists || hour > 23 || minute > 59 || second > 59) throw reader.error("time that does not exist");
	return daysSince1970(year, month, day) * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second;
}

/** The UTC date of a point in time, `YYYY-MM-DD`. */
export function formatDate(time: Seconds): string {
	const days = Math.floor(time / SECONDS_PER_DAY);
	// A mean year of the calendar: the estimate is the year, or the one after it for its last days.
	let year = 1970 + Math.floor(days / 365.2425);
	if (daysSince1970(year + 1, 1, 1) <= days) year++;
	if (daysSince1970(year, 1, 1) > days) year--;
	let month = 12;
	while (month > 1 && daysSince1970(year, month, 1) > days) month--;
	const day = days - daysSince1970(year, month, 1) + 1;
	return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function padded(value: number, digits: number): string {
	return value.toString().padStart(digits, "0");
}

/** RFC 5280 section 4.1.2.5.1: two digits of 50 and above are of the twentieth century. */
function utcYear(twoDigitYear: number): number {
	return twoDigitYear + (twoDigitYear >= 50 ? 1900 : 2000);
}

function twoDigits(reader: DerReader, text: Uint8Array, at: number): number {
	const tens = (text[at] ?? 0) - 0x30;
	const ones = (text[at + 1] ?? 0) - 0x30;
	if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw reader.error("time with something else than digits");
	return tens * 10 + ones;
}

function isLeap(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
	if (month === 2) return isLeap(year) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 in the Gregorian calendar, counted in years that begin on 1 March. */
function daysSince1970(year: number, month: number, day: number): number {
	const marchYear = month <= 2 ? year - 1 : year;
	const marchMonth = month <= 2 ? month + 9 : month - 3;
	const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
	const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
	return marchYear * 365 + leapDays + dayOfYear - 719_468;
}
