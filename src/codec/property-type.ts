/** The types of properties (section 1.5). */

/** A byte that is 0 or 1, for false and true. */
export const FLAG = 0;
/** The same as a number. */
export const BIT = 1;
export const UINT16 = 2;
export const UINT32 = 3;
export const VARINT = 4;
export const TEXT = 5;
export const BINARY = 6;
/** Name and value of a user property. */
export const PAIR = 7;
