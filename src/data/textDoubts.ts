import { CLIP_TEXT } from '../clip/config';
import { STANDARD_VOCABULARY, standardTokenizer } from '../clip/standardTokenizer';
import { loadTokenizer, type Tokenizer, type TokenizerSource } from '../clip/tokenizer';
import { scriptsOf } from './scripts';

/** Of many captions, about so many are looked at. */
const looked = 1000;
/** Of a long one, so many words. */
const lookedWords = 12;
/**
 * With CLIP's own tokenizer, a word of English captions takes 1.0 to 1.5 tokens, of 3.6 to 5 letters each; of French,
 * Spanish and Italian 1.3 to 1.5 of about 3, of German and Dutch 2 of 2.4, of Russian and Chinese 2.5 to 5 of less than one.
 */
const mostTokens = 1.3;
const leastLetters = 3.4;
/** With less of them, a few names are no other language. */
const leastShare = 0.1;

/** What is written without blanks between words is counted by its letters. */
const unspaced = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer']
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const words = new RegExp(`[${unspaced}]\\p{M}*|(?:(?![${unspaced}])[\\p{L}\\p{M}])+`, 'gu');

/**
 * What a teacher's tokenizer can't say well of captions: those too long for it, and those whose words it breaks into small
 * pieces, since it was made from other languages. Of many captions, some are looked at.
 *
 * @param source the teacher's tokenizer; OpenAI's, which nearly all CLIPs have, where undefined
 */
export async function doubtsAboutCaptions(captions: string[], source?: TokenizerSource): Promise<string[]> {
  const { name, config, ...files } = source ?? (await standardSource());
  if (!config.text || captions.length === 0) return [];
  const context = config.text.maxPositionEmbeddings;
  const tokenizer = await loadTokenizer({ name, config, ...files });
  return [...aboutLength(captions, tokenizer, context, name), ...aboutLanguage(captions, tokenizer, name)];
}

async function standardSource(): Promise<TokenizerSource> {
  const text = { maxPositionEmbeddings: 77, vocabSize: STANDARD_VOCABULARY, form: CLIP_TEXT };
  return { name: 'CLIP', tokenizerFiles: await standardTokenizer(), cleansTexts: false, config: { text } };
}

function aboutLength(captions: string[], tokenizer: Tokenizer, context: number, name: string): string[] {
  const utf8 = new TextEncoder();
  // A token is a byte at least, and a few are the tokenizer's own.
  const mayBeLong = (text: string) => text.length * 3 > context - 4 && utf8.encode(text).length > context - 4;
  const long = captions.filter(mayBeLong);
  const some = evenly(long);
  const cut = tokenizer.encode(some).truncated.length;
  if (cut === 0) return [];
  const found = Math.round((cut * long.length) / some.length);
  return [
    `${amount(found, captions.length, some.length === long.length)} captions are longer than the ${context} tokens that ${name} reads; their ends would be cut off.`,
  ];
}

function aboutLanguage(captions: string[], tokenizer: Tokenizer, name: string): string[] {
  const some = evenly(captions);
  const own = lengthOf('', tokenizer);
  const broken = some.flatMap((caption) => {
    const found = (caption.match(words) ?? []).slice(0, lookedWords);
    const tokens = lengthOf(found.join(' '), tokenizer) - own;
    const isBroken = tokens > mostTokens * found.length && found.join('').length < leastLetters * tokens;
    return isBroken ? [{ caption, perWord: tokens / found.length }] : [];
  });
  if (broken.length < leastShare * some.length) return [];
  const perWord = broken.reduce((sum, one) => sum + one.perWord, 0) / broken.length;
  const [{ script, share }] = scriptsOf(broken.map(({ caption }) => caption));
  const found = Math.round((broken.length * captions.length) / some.length);
  return [
    `${amount(found, captions.length, some.length === captions.length)} captions are in words that ${name}'s tokenizer breaks into ${perWord.toFixed(1)} pieces each; ${Math.round(100 * share)} % of their letters are ${script}. They are in another language than it was made from, or of words that it rarely met: a teacher hardly knows them.`,
  ];
}

/** Spread over all of them. */
function evenly(texts: string[]): string[] {
  const step = Math.ceil(texts.length / looked);
  return texts.filter((_, i) => i % step === 0);
}

/** '12 of 40', or where only some were looked at, 'About 30 % of the'. */
function amount(found: number, all: number, isExact: boolean): string {
  return isExact ? `${found} of ${all}` : `About ${Math.round((100 * found) / all)} % of the`;
}

/** Its tokens, those among them that begin and end every text. */
function lengthOf(text: string, tokenizer: Tokenizer): number {
  const { ids } = tokenizer.encode([text]);
  return ids.findLastIndex((id) => id !== tokenizer.padding) + 1;
}
