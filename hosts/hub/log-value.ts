export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Characters of one value that are printed; a client id may have 65,535. */
const MAX_VALUE = 200;

// Control and formatting characters, surrogates, and line separators: a client id must not forge a log line.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text with nothing in it that could forge or garble a line, and cut if it is longer than `length` characters. */
export function clean(text: string, length = MAX_VALUE): string {
	return (text.length > length ? `${text.slice(0, length)}…` : text)
		.replaceAll("\\", "\\\\")
		.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
