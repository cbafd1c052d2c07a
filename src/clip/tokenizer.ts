import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson, readJson } from '../files/json';
import type { TextForm } from './config';
import { checkTokenizer } from './tokenizerLimits';

/** The files of a checkpoint that describe its tokenizer, by name. */
export type TokenizerFiles = ReadonlyMap<string, Blob>;

/** What a tokenizer takes from its checkpoint. */
export interface TokenizerSource {
  /** What the checkpoint is called; begins the error messages. */
  name: string;
  tokenizerFiles: TokenizerFiles;
  /** Texts are cleaned before the merges, as OpenAI's and open_clip's own tokenizers do; Hugging Face's doesn't. */
  cleansTexts: boolean;
  config: { text?: TextSizes };
}

interface TextSizes {
  /** Tokens a text is cut or padded to. */
  maxPositionEmbeddings: number;
  /** Rows of the token embedding. */
  vocabSize: number;
  form: Pick<TextForm, 'normalizers'>;
}

/** Texts as a CLIP's text tower takes them. */
interface TokenisedTexts {
  /** [texts, contextLength], row by row: start, text, end, padding. */
  ids: Int32Array;
  /** Indices of the texts that were too long and have been cut. */
  truncated: number[];
}

export interface Tokenizer {
  /** The id behind a text's end. */
  padding: number;
  encode(texts: string[]): TokenisedTexts;
}

/** Ten times what CLIP's tokenizer has. */
const MOST_BYTES = 2 ** 26;

const START = '<|startoftext|>';
const END = '<|endoftext|>';

const specialToken = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);
const configSchema = z.object({
  eos_token: specialToken.nullish(),
  pad_token: specialToken.nullish(),
});

/** @throws InputError where the checkpoint has no text tower */
export function textSizes({ config, name }: TokenizerSource): TextSizes {
  if (!config.text) throw new InputError(`${name} has no text tower, so it can't read texts.`);
  return config.text;
}

/**
 * A checkpoint's tokenizer, from `tokenizer.json` or else `vocab.json` and `merges.txt`. Its `encode` throws an
 * InputError where a text has a token without a row in the token embedding.
 */
export async function loadTokenizer(source: TokenizerSource): Promise<Tokenizer> {
  const { name: where, tokenizerFiles: files, cleansTexts } = source;
  const { maxPositionEmbeddings: contextLength, vocabSize } = textSizes(source);
  const clean = cleansTexts ? (await import('./cleanText')).cleanText : (text: string) => text;
  const definition = await definitionOf(source);
  const { config, names } = await readConfig(files, where);
  const tokenizer = construct(definition, config, where);

  const idOf = (token: string) => {
    const id = tokenizer.token_to_id(token);
    if (id === undefined)
      throw new InputError(`${where}: the tokenizer's vocabulary lacks the token ${token}.`);
    return id;
  };
  const end = idOf(names.end);
  const padding = idOf(names.padding);
  return {
    padding,
    encode(texts) {
      const ids = new Int32Array(texts.length * contextLength).fill(padding);
      const truncated: number[] = [];
      texts.forEach((text, i) => {
        const all = tokenizer.encode(clean(text)).ids;
        const row = ids.subarray(i * contextLength, (i + 1) * contextLength);
        row.set(all.slice(0, contextLength));
        if (all.length <= contextLength) return;
        row[contextLength - 1] = end;
        truncated.push(i);
      });
      const beyond = ids.find((id) => id >= vocabSize);
      if (beyond !== undefined) {
        throw new InputError(
          `${where}: the tokenizer's token ${tokenizer.id_to_token(beyond)} has the id ${beyond}, but the token ` +
            `embedding has ${vocabSize} rows (ids 0 to ${vocabSize - 1}). It should be resized to the tokenizer, or the ` +
            'tokenizer be the one that the model was trained with.',
        );
      }
      return { ids, truncated };
    },
  };
}

/** The checkpoint's tokenizer as other libraries read it, whole: `tokenizer.json` and `tokenizer_config.json`. */
export async function describeTokenizer(source: TokenizerSource): Promise<Record<string, object>> {
  const { names } = await readConfig(source.tokenizerFiles, source.name);
  const isClips = names.end === END;
  return {
    'tokenizer.json': await definitionOf(source),
    'tokenizer_config.json': {
      tokenizer_class: isClips ? 'CLIPTokenizer' : 'PreTrainedTokenizerFast',
      model_max_length: textSizes(source).maxPositionEmbeddings,
      ...(isClips && { bos_token: START, unk_token: END }),
      eos_token: names.end,
      pad_token: names.padding,
    },
  };
}

/** The contents of its `tokenizer.json`, with the steps before it that texts of its family go through. */
async function definitionOf(source: TokenizerSource): Promise<object> {
  const definition = await readDefinition(source.tokenizerFiles, source.name);
  const { normalizers } = textSizes(source).form;
  if (normalizers.length === 0) return lowerEachLetter(definition);
  const own = 'normalizer' in definition && definition.normalizer ? [definition.normalizer] : [];
  return lowerEachLetter({
    ...definition,
    normalizer: { type: 'Sequence', normalizers: [...normalizers, ...own] },
  });
}

async function readConfig(files: TokenizerFiles, where: string) {
  const file = files.get('tokenizer_config.json');
  const path = `${where}/tokenizer_config.json`;
  const config = file ? await readJson(file, path, MOST_BYTES) : {};
  const { eos_token, pad_token } = parseJson(configSchema, config, path);
  const end = eos_token ?? END;
  return { config, names: { end, padding: pad_token || end } };
}

async function readDefinition(files: TokenizerFiles, where: string): Promise<object> {
  const whole = files.get('tokenizer.json');
  if (whole) {
    const path = `${where}/tokenizer.json`;
    return checkTokenizer(await readJson(whole, path, MOST_BYTES), path);
  }
  const vocabulary = files.get('vocab.json');
  const merges = files.get('merges.txt');
  if (!vocabulary || !merges) {
    throw new InputError(
      `${where} has no tokenizer: tokenizer.json, or vocab.json and merges.txt, should be beside config.json.`,
    );
  }
  const path = `${where}/vocab.json`;
  const vocab = parseJson(z.record(z.string(), z.int()), await readJson(vocabulary, path, MOST_BYTES), path);
  if (merges.size > MOST_BYTES)
    throw new InputError(`${where}/merges.txt is no list of merges: it is too large.`);
  return checkTokenizer(clipDefinition(vocab, await merges.text(), where), where);
}

function construct(definition: object, config: unknown, where: string): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(definition, Object(config));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${where}/tokenizer.json can't be used: ${reason}`);
  }
}

/**
 * Hugging Face's Lowercase knows no neighbours, where JavaScript's makes a capital sigma that ends a word a final one:
 * before each Lowercase of the definition, capital sigmas become plain small ones.
 */
function lowerEachLetter(definition: object): object {
  const sigma = { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' };
  return JSON.parse(JSON.stringify(definition), (_, part) =>
    part?.type === 'Lowercase' ? { type: 'Sequence', normalizers: [sigma, part] } : part,
  );
}

/** The `tokenizer.json` of CLIP's byte-pair encoding with this vocabulary (`simple_tokenizer.py` of openai/CLIP). */
function clipDefinition(vocab: Record<string, number>, merges: string, where: string): object {
  const special = (content: string) => {
    const id = vocab[content];
    if (id === undefined) throw new InputError(`${where}/vocab.json lacks the token ${content}.`);
    return {
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    };
  };
  const [start, end] = [special(START), special(END)];
  const words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [start, end],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: words }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      cls: [START, start.id],
      sep: [END, end.id],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: merges.split(/\r?\n/).filter((line) => line && !line.startsWith('#version')),
    },
  };
}
