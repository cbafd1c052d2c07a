/** A side by its name, as whole words of the languages that most captions are written in. */
const words = [
  '(?:left|right)(?:most|wards?|hand(?:ed)?)?',
  // German and Dutch
  '(?:nach)?(?:links|rechts)|linke[mnrs]?|rechte[mnrs]?|linker|rechter',
  // French, Spanish, Italian, Portuguese
  'gauche|droite',
  'izquierd[ao]s?|derech[ao]s?',
  'sinistr[aeio]|destr[aeio]',
  'esquerd[ao]s?|direit[ao]s?',
  // Polish, Russian
  'lew(?:o|[aey])|praw(?:o|[aey])|z (?:lewej|prawej)',
  'лев(?:ый|ая|ое|ой|ую|ом|ее)|прав(?:ый|ая|ое|ой|ую|ом|ее)|слева|справа|налево|направо|влево|вправо',
];
const side = new RegExp(`(?<!\\p{L})(?:${words.join('|')})(?!\\p{L})|[左右]|왼쪽|오른쪽|يسار|يمين`, 'iu');

/** Whether a text says left or right, so that it is no longer true of the mirrored image. */
export function saysLeftOrRight(text: string): boolean {
  return side.test(text);
}
