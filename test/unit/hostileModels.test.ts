import { describe, expect, it } from 'vitest';
import { parseClipConfig } from '../../src/clip/config';
import { randomCheckpoint } from '../../src/clip/initialise';
import { parseOpenClipConfig } from '../../src/clip/openclip';
import { parsePreprocessor, preprocess } from '../../src/clip/preprocess';
import { loadTokenizer } from '../../src/clip/tokenizer';
import { InputError } from '../../src/files/folder';
import { openSafetensors } from '../../src/files/safetensors';
import { readAll } from '../../src/files/tensors';
import { files, load, withTensors } from './studentCheckpoint';

/** What a function says where it refuses; it must not take a second for it. */
function refusal(attempt: () => unknown): string {
  const start = performance.now();
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(performance.now() - start).toBeLessThan(1000);
    return error instanceof Error ? error.message : '';
  }
  return 'was accepted';
}

describe('sizes in a config.json', () => {
  const parse = (vision: object, text?: object) => () =>
    parseClipConfig({ vision_config: vision, text_config: text }, 'c');

  it.each([
    [{ hidden_size: 1e8 }, 'c: vision_config: hidden_size: at most 65,536 is allowed.'],
    [{ num_hidden_layers: 1e9 }, 'c: vision_config: num_hidden_layers: at most 256 is allowed.'],
    [{ image_size: 1e8 }, 'c: vision_config: image_size: at most 4,096 is allowed.'],
    [
      { image_size: 2000, patch_size: 1 },
      'c: images of 2000 pixels give 4,000,000 patches of 1; 1 to 8,192 would be right.',
    ],
    [{ image_size: 16, patch_size: 32 }, 'c: images of 16 pixels give no whole patch of 32; 1 to 8,192'],
    [{ layer_norm_eps: 1e30 }, 'c: vision_config: layer_norm_eps: at most 1 is allowed.'],
  ])('are bounded in the image tower: %j', (vision, message) => {
    expect(refusal(parse(vision))).toContain(message);
  });

  it.each([
    [{ vocab_size: 1e9 }, 'vocab_size: at most 2,097,152 is allowed'],
    [{ max_position_embeddings: 1e8 }, 'max_position_embeddings: at most 8,192 is allowed'],
    [{ num_hidden_layers: 1e8 }, 'num_hidden_layers: at most 256 is allowed'],
  ])('are bounded in the text tower: %j', (text, message) => {
    expect(refusal(parse({}, text))).toContain(message);
  });

  it('are bounded in open_clip’s, too', () => {
    const parseOpen = (vision_cfg: object) => () =>
      parseOpenClipConfig({ model_cfg: { embed_dim: 512, vision_cfg, text_cfg: {} } }, 'c');
    expect(refusal(parseOpen({ layers: 1e9 }))).toContain('at most 256 is allowed');
    expect(refusal(parseOpen({ width: 1e9 }))).toContain('at most 65,536 is allowed');
    expect(refusal(parseOpen({ image_size: 1000, patch_size: 2 }))).toContain('give 250,000 patches of 2');
    expect(refusal(parseOpen({ mlp_ratio: 1e9 }))).toContain('mlp_ratio: at most 64 is allowed');
  });

  it('make no student from random weights that no machine could train', () => {
    const config = {
      vision_config: { hidden_size: 65_536, num_hidden_layers: 256, num_attention_heads: 64 },
    };
    expect(refusal(() => randomCheckpoint(config, 0, 'student.config'))).toMatch(
      /^student\.config describes a CLIP of [\d,]+ million parameters; at most 1,000 million/,
    );
  });

  it('are bounded where images are to be of another size', async () => {
    const changed = files('student');
    changed.set('preprocessor_config.json', new Blob([JSON.stringify({ crop_size: 4000, size: 4000 })]));
    await expect(load(changed)).rejects.toThrow('images of 4000 pixels give 250,000 patches of 8');
    expect(refusal(() => parsePreprocessor({ crop_size: 1e8 }, 224, 'p'))).toContain('at most 4,096');
  });
});

describe('preprocessing', () => {
  it('divides by no deviation of 0', () => {
    for (const image_std of [
      [0, 1, 1],
      [1, 1e-30, 1],
    ])
      expect(refusal(() => parsePreprocessor({ image_std }, 8, 'p'))).toMatch(
        /^p: image_std\.\d: must be over 0: the deviation of pixels/,
      );
  });

  it('takes no image so narrow that resizing it fills the memory', () => {
    const narrow = { width: 1, height: 1_000_000, data: new Uint8Array(3e6) };
    expect(() => preprocess(narrow, parsePreprocessor({}, 224, 'p'))).toThrow(
      'it is too narrow: 1 × 1000000 pixels',
    );
  });
});

describe('weights', () => {
  it.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'infinity'],
  ])('that hold %d are named', async (value, word) => {
    const name = 'vision_model.encoder.layers.0.mlp.fc1.weight';
    const changed = await withTensors((tensors) => {
      tensors[name].data[5] = value;
    });
    const { tensors } = await load(changed);
    await expect(readAll(tensors)).rejects.toThrow(`student: ${name} holds ${word}, so nothing could`);
  });

  it('don’t lie over one another', async () => {
    const header = {
      a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] },
      b: { dtype: 'F32', shape: [0], data_offsets: [16, 16] },
      c: { dtype: 'F32', shape: [3], data_offsets: [8, 20] },
    };
    const text = new TextEncoder().encode(JSON.stringify(header));
    const file = new Blob([new BigUint64Array([BigInt(text.length)]), text, new Uint8Array(20)]);
    await expect(openSafetensors(file, 'x')).rejects.toThrow(
      'x is damaged: its tensors a and c lie over one another. Get the file anew.',
    );
  });
});

describe('a tokenizer.json', () => {
  const definition = async () => JSON.parse((await files('teacher').get('tokenizer.json')?.text()) ?? '');
  const loaded = async (raw: unknown) =>
    loadTokenizer(await load(files('teacher').set('tokenizer.json', new Blob([JSON.stringify(raw)]))));

  it.each(['(a+)+$', '(\\w+\\s?)*!', 'a*a*a*b', 'a?a?a?aaa', '(?=(a+))*b', 'a{1,9}{1,9}b', 'x'.repeat(2000)])(
    'may not hold the pattern %s, which could take for ever',
    async (Regex) => {
      const raw = await definition();
      raw.pre_tokenizer.pretokenizers[0].pattern = { Regex };
      await expect(loaded(raw)).rejects.toThrow(InputError);
      await expect(loaded(raw)).rejects.toThrow(
        /^student\/tokenizer\.json splits texts by the pattern .* for ever/,
      );
    },
  );

  it.each([
    "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
    "'s|'t| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
    '\\p{N}{1,3}',
  ])('may hold the pattern %s', async (Regex) => {
    const raw = await definition();
    raw.pre_tokenizer.pretokenizers[0].pattern = { Regex };
    const { ids } = (await loaded(raw)).encode(['a cat']);
    expect(ids[0]).toBe(812);
  });

  it('may not have more merges than any', async () => {
    const raw = await definition();
    raw.model.merges = Array.from({ length: 2 ** 20 + 1 }, () => 'a b');
    await expect(loaded(raw)).rejects.toThrow('model.merges: at most 1,048,576 entries are allowed');
  });
});
