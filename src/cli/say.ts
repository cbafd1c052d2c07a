/** What moves a terminal's cursor, colours it, or turns text around: control characters and Unicode's overrides. */
const commands = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

export const escaped = (text: string): string =>
  text.replace(commands, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A message on standard error. Names of files may hold a terminal's commands; they are shown, not obeyed. */
export function say(message: string): void {
  console.error(escaped(message));
}

/** A name from a file or an archive, on one line. */
export const nameOnALine = (name: string): string => name.replace(/[\n\t]/g, ' ');

/** A result on standard output, as JSON. */
export function printJson(value: unknown, indent?: number): void {
  // JSON itself leaves some of them as they are.
  console.log(escaped(JSON.stringify(value, null, indent)));
}
