import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { blobFolder } from '../../src/files/blobs';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { type HostTensors, readAll } from '../../src/files/tensors';
import { openClipCopy } from './openClipCopy';

const root = 'test/fixtures/reference';
const WEIGHTS = 'open_clip_model.safetensors';
const CONFIG = 'open_clip_config.json';

const load = (files: Map<string, Blob>, text: boolean | 'if present' = true): Promise<Checkpoint> =>
  loadCheckpoint(blobFolder('clip', files), { text });

function original(name: string): Blob {
  return new Blob([fs.readFileSync(`${root}/teacher/${name}`)]);
}

/** Bytes, since comparing millions of numbers one by one takes long. */
async function expectOriginal({ tensors }: Checkpoint): Promise<void> {
  const expected = await readSafetensors(original('model.safetensors'), 'teacher');
  expect(Buffer.compare(writeSafetensors(await readAll(tensors)), writeSafetensors(expected))).toBe(0);
}

async function withConfig(change: (config: { model_cfg: Record<string, unknown> }) => void) {
  const files = await openClipCopy('teacher');
  const config = JSON.parse((await files.get(CONFIG)?.text()) ?? '');
  change(config);
  return files.set(CONFIG, new Blob([JSON.stringify(config)]));
}

describe("open_clip's layout", () => {
  it.each(['', 'text.'] as const)(
    'gives the same model as Hugging Face’s (text under "%s")',
    async (prefix) => {
      const checkpoint = await load(await openClipCopy('teacher', prefix));
      await expectOriginal(checkpoint);
      const same = await loadCheckpoint(
        blobFolder(
          'clip',
          new Map(
            ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'].map((name) => [
              name,
              original(name),
            ]),
          ),
        ),
      );
      expect([checkpoint.cleansTexts, same.cleansTexts]).toEqual([true, false]);
      const saved = [...(await saveCheckpoint(checkpoint))].map(
        ([name, bytes]) => [name, new Blob([bytes])] as const,
      );
      expect((await load(new Map(saved))).cleansTexts).toBe(true);
      const text = same.config.text && { ...same.config.text, eosTokenId: 2 };
      expect(checkpoint.config).toEqual({ ...same.config, text });
      expect(checkpoint.preprocessor).toEqual(same.preprocessor);
      expect(checkpoint.notices).toEqual([]);
    },
  );

  it("comes after Hugging Face's in the same folder, and before timm's", async () => {
    const files = await openClipCopy('teacher');
    files.set('config.json', original('config.json')).set('model.safetensors', original('model.safetensors'));
    const both = await load(files);
    expect(both.rawConfig).toHaveProperty('model_type', 'clip');
    files.delete('model.safetensors');
    await expectOriginal(await load(files));
    files.set('config.json', new Blob(['{"architecture": "vit_base_patch32_clip_224"}']));
    files.set(
      'model.safetensors',
      new Blob([writeSafetensors({ cls_token: { shape: [1], data: new Float32Array(1) } })]),
    );
    await expectOriginal(await load(files));
  });

  it('is understood from the weights alone, and says what was assumed', async () => {
    const weights = (await openClipCopy('teacher')).get(WEIGHTS) ?? new Blob();
    const { config, notices, tensors } = await load(new Map([['mine.safetensors', weights]]));
    expect(config.vision).toMatchObject({
      hiddenSize: 128,
      numHiddenLayers: 2,
      numAttentionHeads: 2,
      imageSize: 48,
      patchSize: 8,
    });
    expect(config.text).toMatchObject({
      hiddenSize: 64,
      intermediateSize: 256,
      vocabSize: 814,
      maxPositionEmbeddings: 20,
    });
    expect([config.vision.hiddenAct, config.projectionDim]).toEqual(['gelu', 64]);
    expect(notices).toEqual([
      expect.stringContaining(
        '2 heads in the image tower, 1 in the text tower; as activation GELU, as LAION’s have',
      ),
    ]);
    expect(tensors.shapes.get('visual_projection.weight')).toEqual([64, 128]);
    const named = await loadCheckpoint(
      blobFolder('ViT-B-32-openai', new Map([['mine.safetensors', weights]])),
    );
    expect(named.config.vision.hiddenAct).toBe('quick_gelu');
  });

  it('has GELU unless quick_gelu says otherwise', async () => {
    const files = await withConfig(({ model_cfg }) => delete model_cfg['quick_gelu']);
    const { config } = await load(files);
    expect([config.vision.hiddenAct, config.text?.hiddenAct]).toEqual(['gelu', 'gelu']);
  });

  it.each([
    ['vision_cfg', { layers: [3, 4, 6, 3] }, 'clip/open_clip_config.json describes a ResNet image tower'],
    [
      'vision_cfg',
      { timm_model_name: 'vit_base_patch16_clip_224' },
      'model_cfg.vision_cfg.timm_model_name is "vit_base',
    ],
    ['vision_cfg', { attentional_pool: true }, 'model_cfg.vision_cfg.attentional_pool is true; only CLIP'],
    [
      'text_cfg',
      { hf_model_name: 'xlm-roberta-base' },
      'model_cfg.text_cfg.hf_model_name is "xlm-roberta-base"',
    ],
  ])('refuses %s with %j', async (tower, options, message) => {
    const files = await withConfig(({ model_cfg }) => Object.assign(Object(model_cfg[tower]), options));
    await expect(load(files)).rejects.toThrow(message);
  });

  it('goes before a config.json that has no sizes', async () => {
    const files = await openClipCopy('teacher');
    files.set('config.json', new Blob(['{"model_type": "clip"}']));
    await expectOriginal(await load(files));
  });

  it('takes what is null as its default, and towers that no model_cfg is around', async () => {
    const files = await withConfig((config) => {
      const { model_cfg } = config;
      Object.assign(Object(model_cfg['vision_cfg']), { norm_kwargs: null, ls_init_value: null });
      Object.assign(config, model_cfg, { model_cfg: undefined, preprocess_cfg: undefined });
    });
    await expectOriginal(await load(files));
  });

  it('names a CoCa, and a tower’s option before the interpolation', async () => {
    const coca = await withConfig((config) => Object.assign(config, { multimodal_cfg: {} }));
    await expect(load(coca)).rejects.toThrow('describes a CoCa');
    const both = await withConfig((config) => {
      Object.assign(Object(config.model_cfg['vision_cfg']), { no_ln_pre: true });
      Object.assign(config, { preprocess_cfg: { interpolation: 'bilinear' } });
    });
    await expect(load(both)).rejects.toThrow('vision_cfg.no_ln_pre is true');
  });

  it('resizes by the interpolation that it names, and refuses others', async () => {
    const withInterpolation = (interpolation: string) =>
      withConfig((config) => Object.assign(config, { preprocess_cfg: { interpolation } }));
    expect((await load(await withInterpolation('bilinear'))).preprocessor.filter).toBe('bilinear');
    await expect(load(await withInterpolation('random'))).rejects.toThrow(
      'preprocess_cfg.interpolation: only "bicubic" and "bilinear" can be used',
    );
  });
});

describe('kinds of model that are not CLIPs with ViT towers', () => {
  const weightsOf = (...names: string[]) => {
    const tensors: HostTensors = {};
    for (const name of names) tensors[name] = { shape: [1], data: new Float32Array(1) };
    return new Map([['model.safetensors', new Blob([writeSafetensors(tensors)])]]);
  };

  it.each([
    ['siglip2', 'clip is a SigLIP 2 of the kind NaFlex, which'],
    ['clipseg', 'clip is a CLIPSeg, a CLIP with a decoder'],
    ['chinese_clip', 'clip is a Chinese-CLIP, whose text tower is a BERT'],
    ['evaclip', 'clip is an EVA-CLIP under its makers’ names'],
    ['blip', 'clip/config.json describes a model of the type "blip"; only "clip"'],
  ])('names a config.json of the type %s', async (type, message) => {
    const files = new Map([['config.json', new Blob([JSON.stringify({ model_type: type })])]]);
    await expect(load(files)).rejects.toThrow(message);
  });

  it.each([
    ['visual.layer1.0.conv1.weight', 'has a ResNet as its image tower (RN50, RN101 and so on)'],
    ['visual.trunk.patch_embed.proj.weight', 'has an image tower of timm’s own make'],
    ['text.transformer.embeddings.word_embeddings.weight', 'has a text tower other than CLIP’s'],
    ['visual.blocks.0.attn.q_proj.weight', 'is an EVA-CLIP'],
    ['patch_embed.proj.weight', 'is a ViT alone under timm’s names'],
    ['visual.transformer.resblocks.0.ls_1.gamma', 'scales its layers (LayerScale'],
    ['visual.transformer.resblocks.0.attn.ln_q.weight', 'normalises queries and keys'],
    ['positional_embedding_res', 'is a Long-CLIP under its own names'],
    ['classifier.weight', 'is a classifier made from a CLIP'],
    ['vision_model.encoder.layers.0.self_attn.q_proj.lora_A.weight', 'is an adapter (LoRA'],
  ])('knows one by its tensor %s', async (name, message) => {
    await expect(load(weightsOf(name))).rejects.toThrow(`clip ${message}`);
  });

  it('says where neither a configuration nor weights are those of a CLIP', async () => {
    await expect(load(weightsOf('encoder.weight'))).rejects.toThrow(
      'clip has neither a config.json nor the weights of a CLIP',
    );
  });

  it('never opens a pickle, and says how it is converted', async () => {
    const files = new Map([
      ['config.json', original('config.json')],
      ['pytorch_model.bin', new Blob(['PK'])],
    ]);
    await expect(load(files)).rejects.toThrow(
      /^clip has weights only as pytorch_model\.bin, a pickle.*\["pytorch_model\.bin"\].*torch\.load\(file, weights_only=True\)\n.*"state_dict".*"model\.safetensors"\)$/s,
    );
    const openai = new Map([
      ['config.json', original('config.json')],
      ['ViT-B-32.pt', new Blob(['PK'])],
    ]);
    await expect(load(openai)).rejects.toThrow('torch.jit.load(file)');
  });
});
