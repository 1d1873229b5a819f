import { crc32 } from "node:zlib";
import { STORE_TABLES, type StoreKey, type StoreRecord, type StoreTable } from "../../../src/broker/index.ts";

/*
 * How rows lie in the database. A key is the table's number, then one or two numbers as float64, big-endian: for numbers
 * that are not negative the order of the bytes is the order of the numbers, and tables follow each other as STORE_TABLES
 * wants them back. A value is the broker's, then the CRC-32 of key and value.
 */

/** Bytes of a check sum. */
export const SUM = 4;
const NUMBER = 8;
/** The number of the first table. Table 0 has one row, the header. */
const FIRST_TABLE = 1;

/** The row that says what the database is. */
export const HEADER_KEY: Uint8Array = Uint8Array.of(0);

const TABLE_NUMBERS = Object.fromEntries(STORE_TABLES.map((table, index) => [table, index + FIRST_TABLE])) as Readonly<
	Record<StoreTable, number>
>;

/** Bytes of a key. */
export function keyLength(key: StoreKey): number {
	return 1 + NUMBER * key.length;
}

/** Writes a key; it ends at `at + keyLength(key)`. */
export function writeKey(view: DataView, at: number, table: StoreTable, key: StoreKey): void {
	view.setUint8(at, TABLE_NUMBERS[table]);
	view.setFloat64(at + 1, key[0]);
	if (key[1] !== undefined) view.setFloat64(at + 1 + NUMBER, key[1]);
}

/** The check sum of a row whose key and value lie next to each other. */
export function sumOf(keyAndValue: Uint8Array): number {
	return crc32(keyAndValue);
}

/** Appends the check sum to a value. */
export function sealValue(key: Uint8Array, value: Uint8Array): Uint8Array {
	const sealed = new Uint8Array(value.length + SUM);
	sealed.set(value);
	new DataView(sealed.buffer).setUint32(value.length, crc32(value, crc32(key)));
	return sealed;
}

/** The value without its check sum; undefined if that is wrong. */
export function openValue(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
	const length = sealed.length - SUM;
	if (length < 0) return undefined;
	const value = sealed.subarray(0, length);
	const sum = new DataView(sealed.buffer, sealed.byteOffset + length).getUint32(0);
	return sum === crc32(value, crc32(key)) ? value : undefined;
}

/** A row as the broker knows it; undefined if no table has such a key, or the check sum is wrong. */
export function decodeRow(key: Uint8Array, sealed: Uint8Array): StoreRecord | undefined {
	const table = STORE_TABLES[(key[0] ?? 0) - FIRST_TABLE];
	const numbers = decodeNumbers(key);
	const value = openValue(key, sealed);
	return table === undefined || numbers === undefined || value === undefined
		? undefined
		: { table, key: numbers, value };
}

function decodeNumbers(key: Uint8Array): StoreKey | undefined {
	const view = new DataView(key.buffer, key.byteOffset, key.length);
	if (key.length === 1 + NUMBER) return [view.getFloat64(1)];
	if (key.length === 1 + 2 * NUMBER) return [view.getFloat64(1), view.getFloat64(1 + NUMBER)];
	return undefined;
}
