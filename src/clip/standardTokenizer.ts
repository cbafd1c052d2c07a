import type { TokenizerFiles } from './tokenizer';

/** Tokens of the vocabulary that OpenAI's CLIPs have, and nearly all others. */
export const STANDARD_VOCABULARY = 49408;

/**
 * CLIP's own tokenizer (openai/CLIP `simple_tokenizer.py`) as `vocab.json` and `merges.txt`, for checkpoints that bring
 * none: the bytes, the bytes that end a word, the merges, the two special tokens.
 */
export async function standardTokenizer(): Promise<TokenizerFiles> {
  const { merges } = (await import('./standardMerges.json')).default;
  const bytes = byteCharacters();
  const tokens = [
    ...bytes,
    ...bytes.map((byte) => `${byte}</w>`),
    ...merges.split('\n').map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  const vocabulary = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return new Map([
    ['vocab.json', new Blob([JSON.stringify(vocabulary)])],
    ['merges.txt', new Blob([`#version: 0.2\n${merges}\n`])],
  ]);
}

/** The characters that stand for the 256 bytes: printable ones for themselves, then the rest from U+0100 on. */
function byteCharacters(): string[] {
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  const printable = all.filter(isPrintable);
  const others = all.length - printable.length;
  return [...printable, ...Array.from({ length: others }, (_, i) => 0x100 + i)].map((code) =>
    String.fromCharCode(code),
  );
}
