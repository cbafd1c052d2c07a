import { loadTokenizer, type Tokenizer } from '../clip/tokenizer';
import { embedTokens, type TeacherPrompts, type TextSource } from './teacher';

/** What a teacher makes of a text. */
export interface ReadText {
  /** [d], L2-normalised. */
  features: Float32Array;
  /** It is longer than what the teacher reads; its end was cut off. */
  isCut: boolean;
}

/** Has a teacher read texts that a user types. Those of the last time are remembered. */
export class TextReader {
  private tokenizer?: Promise<Tokenizer>;
  private known: ReadonlyMap<string, ReadText> = new Map();

  /** @param prompts of an adapted teacher */
  constructor(
    private readonly checkpoint: TextSource,
    private readonly prompts?: Pick<TeacherPrompts, 'text' | 'words'>,
  ) {}

  /** What the teacher makes of these texts. While new ones are read, its text tower is on the device. */
  async read(texts: string[], signal: AbortSignal): Promise<ReadText[]> {
    const fresh = [...new Set(texts)].filter((text) => !this.known.has(text));
    const read = new Map([...this.known, ...(await this.readNew(fresh, signal))]);
    const all = texts.flatMap((text) => read.get(text) ?? []);
    this.known = new Map(texts.map((text, i) => [text, all[i]]));
    return all;
  }

  private async readNew(texts: string[], signal: AbortSignal): Promise<[string, ReadText][]> {
    if (texts.length === 0) return [];
    this.tokenizer ??= loadTokenizer(this.checkpoint);
    const { ids, truncated } = (await this.tokenizer).encode(texts.map((text) => this.withWords(text)));
    const W = await embedTokens(this.checkpoint, ids, { signal }, this.prompts?.text);
    try {
      const [, d] = W.shape;
      const features = await W.data<'float32'>();
      const readText = (i: number) => ({
        features: features.slice(i * d, (i + 1) * d),
        isCut: truncated.includes(i),
      });
      return texts.map((text, i) => [text, readText(i)]);
    } finally {
      W.dispose();
    }
  }

  /** Prompts stand in for words, which a text must have, or they would take the place of what it says. */
  private withWords(text: string): string {
    const { words } = this.prompts ?? {};
    return words === undefined || text.startsWith(words) ? text : `${words} ${text}`;
  }
}
