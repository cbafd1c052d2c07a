import { CLIP_TEXT } from '../clip/config';
import { scriptsOf } from './scripts';

/** Tokens that CLIP reads of a text, the start and the end among them. */
const contextLength = 77;
const looked = 2000;
/** With less of them, a few names in other letters are no other language. */
const shareOfOthers = 0.1;

/**
 * What is unsure of captions for CLIP's own tokenizer, which nearly all teachers have: those too long for it, and
 * scripts that it only knows byte by byte. Of many captions, some are looked at.
 */
export async function doubtsAboutCaptions(texts: string[]): Promise<string[]> {
  return [...(await aboutLength(texts)), ...aboutScripts(texts)];
}

async function aboutLength(texts: string[]): Promise<string[]> {
  // A token is a byte at least.
  const utf8 = new TextEncoder();
  const long = texts.filter(
    (text) => text.length * 3 > contextLength && utf8.encode(text).length > contextLength - 2,
  );
  if (long.length === 0) return [];
  const some = long.filter((_, i) => i % Math.ceil(long.length / looked) === 0);
  const [{ loadTokenizer }, { standardTokenizer, STANDARD_VOCABULARY }] = await Promise.all([
    import('../clip/tokenizer'),
    import('../clip/standardTokenizer'),
  ]);
  const tokenizer = await loadTokenizer({
    name: 'CLIP',
    tokenizerFiles: await standardTokenizer(),
    cleansTexts: false,
    config: {
      text: { maxPositionEmbeddings: contextLength, vocabSize: STANDARD_VOCABULARY, form: CLIP_TEXT },
    },
  });
  const cut = tokenizer.encode(some).truncated.length;
  if (cut === 0) return [];
  const share = Math.round((100 * cut * long.length) / some.length / texts.length);
  const many = some.length === long.length ? `${cut} of ${texts.length}` : `About ${share} % of the`;
  return [
    `${many} captions are longer than the ${contextLength} tokens that CLIP reads; their ends would be cut off.`,
  ];
}

function aboutScripts(texts: string[]): string[] {
  const others = scriptsOf(texts).filter(({ script }) => script !== 'Latin');
  const share = others.reduce((sum, one) => sum + one.share, 0);
  if (share < shareOfOthers) return [];
  const [{ script }] = others;
  return [
    `${Math.round(100 * share)} % of the captions' letters are not Latin, most of them ${script}; CLIP's tokenizer takes such texts byte by byte, and a teacher that learnt from English hardly knows them.`,
  ];
}
