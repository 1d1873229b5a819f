/** No bytes. */
export const NOTHING = new Uint8Array(0);
