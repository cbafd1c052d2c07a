import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { modelCost } from '../../src/clip/cost';
import { cutLayers } from '../../src/clip/cutLayers';
import { checkCanLearn, parseConfig } from '../../src/clip/families/families';
import { inheritFront } from '../../src/clip/inherit';
import { resizePositions } from '../../src/clip/positions';
import { describeTokenizer, loadTokenizer } from '../../src/clip/tokenizer';
import { blobFolder } from '../../src/files/blobs';
import { readAll, readTensor } from '../../src/files/tensors';
import { familyCases, familyFiles } from './families';

const [huggingFace, openClip, eva] = familyCases;
const load = (files: Map<string, Blob>) => loadCheckpoint(blobFolder('siglip', files));

/** The case's files with another configuration. */
function withConfig(name: string, config: object, one = huggingFace) {
  return familyFiles(one).set(name, new Blob([JSON.stringify(config)]));
}

describe('SigLIP', () => {
  it('is read in both layouts, with its own sizes and preprocessing', async () => {
    for (const one of [huggingFace, openClip]) {
      const { config, notices, tensors } = await load(familyFiles(one));
      expect(notices).toEqual([]);
      expect(config.vision).toMatchObject({
        hiddenSize: 128,
        patchSize: 8,
        numHiddenLayers: 2,
        layerNormEps: 1e-6,
      });
      expect(config.vision.numAttentionHeads).toBe(2);
      expect(config.projectionDim).toBe(128);
      expect(
        [...tensors.shapes.keys()].filter((name) => /class_embedding|projection|pre_layr/.test(name)),
      ).toEqual([]);
    }
    const act = async (one: typeof openClip) => (await load(familyFiles(one))).config.vision.hiddenAct;
    expect([await act(huggingFace), await act(openClip)]).toEqual(['gelu_pytorch_tanh', 'gelu']);
  });

  it('reads texts in lower case and without punctuation, filled up to its fixed length', async () => {
    for (const one of [huggingFace, openClip]) {
      const tokenizer = await loadTokenizer(await load(familyFiles(one)));
      const { ids, truncated } = tokenizer.encode(['A  red, CAT!', 'a red blue cat dog a']);
      expect([...ids]).toEqual([2, 3, 5, 1, 1, 1, 2, 3, 4, 5, 6, 1]);
      expect(truncated).toEqual([1]);
    }
  });

  it('keeps SigLIP 2’s punctuation and takes its case away, for other libraries too', async () => {
    const checkpoint = await load(familyFiles(huggingFace));
    const text = checkpoint.config.text ?? expect.fail('no text tower');
    const raw = {
      ...huggingFace.config,
      text_config: { hidden_size: 128, num_attention_heads: 2, vocab_size: 256_000 },
    };
    const gemma = parseConfig(raw, 'c').text ?? expect.fail('no text tower');
    const second = { ...checkpoint, config: { ...checkpoint.config, text: { ...text, form: gemma.form } } };
    expect([...(await loadTokenizer(second)).encode(['A cat!']).ids]).toEqual([2, 5, 10, 1, 1, 1]);
    expect(await describeTokenizer(second)).toMatchObject({
      'tokenizer.json': { normalizer: { type: 'Sequence' } },
      'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast', eos_token: '</s>' },
    });
  });

  it('is saved as transformers’ image tower and loads again, other sizes of images too', async () => {
    const source = blobFolder('siglip', familyFiles(openClip));
    const tower = resizePositions(await loadCheckpoint(source, { text: false }), 32);
    const saved = await saveCheckpoint(tower);
    const files = new Map([...saved].map(([name, bytes]) => [name, new Blob([bytes])]));
    const again = await loadCheckpoint(blobFolder('siglip', files), { text: 'if present' });
    expect(again.config).toEqual(tower.config);
    expect(await readAll(again.tensors)).toEqual(await readAll(tower.tensors));
  });

  it('counts what its tower takes', async () => {
    const { config } = await load(familyFiles(huggingFace));
    const W = 128;
    const M = 64;
    const layer = 4 * 4 * W * W + 2 * 16 * W + 2 * 4 * W * M;
    const pool = 2 * 5 * W * W + 2 * 4 * W + 2 * W * M;
    expect(modelCost(config).flop).toBe(2 * (4 * 3 * 64 * W + 2 * layer + pool));
  });

  it('says what of it is not supported', async () => {
    await expect(load(withConfig('config.json', { model_type: 'siglip2' }))).rejects.toThrow(
      'siglip is a SigLIP 2 of the kind NaFlex',
    );
    const headless = { ...huggingFace.config, vision_config: { vision_use_head: false } };
    await expect(load(withConfig('config.json', headless))).rejects.toThrow('vision_use_head');
    const bare = familyFiles(huggingFace);
    bare.delete('config.json');
    await expect(load(bare)).rejects.toThrow('has the weights of a SigLIP');
    const { model_cfg, ...others } = openClip.config;
    const causal = { model_cfg: { ...Object(model_cfg), text_cfg: { pool_type: 'last' } }, ...others };
    await expect(load(withConfig('open_clip_config.json', causal, openClip))).rejects.toThrow(
      'text_cfg.no_causal_mask is null; with this image tower, true would be right',
    );
    const checkpoint = await load(familyFiles(huggingFace));
    expect(() => inheritFront(checkpoint, 1, 64)).toThrow(
      'siglip is of the family SigLIP, and inheriting weights needs',
    );
  });
});

describe('EVA-02-CLIP', () => {
  it('is read in open_clip’s layout, keys without a bias', async () => {
    const { config, notices, tensors } = await load(familyFiles(eva));
    expect(notices).toEqual([]);
    expect(config.vision).toMatchObject({ hiddenSize: 128, intermediateSize: 64, numAttentionHeads: 2 });
    expect(config.vision.form.family).toBe('EVA-02-CLIP');
    const bias = await readTensor(tensors, 'vision_model.encoder.layers.1.self_attn.k_proj.bias');
    expect(bias?.data).toEqual(new Float32Array(128));
  });

  it('counts its gates', async () => {
    const { config } = await load(familyFiles(eva));
    const W = 128;
    const layer = 4 * 5 * W * W + 2 * 25 * W + 3 * 5 * W * 64;
    expect(modelCost(config).flop).toBe(2 * (4 * 3 * 64 * W + 2 * layer + W * 24));
  });

  it('says what of it is not supported', async () => {
    const teacher = await load(familyFiles(eva));
    expect(() => checkCanLearn(cutLayers(teacher, 1))).toThrow('a teacher and no student');
    expect(() => inheritFront(teacher, 1, 64)).toThrow('is of the family EVA-02-CLIP, and inheriting');
    const bare = familyFiles(eva);
    bare.delete('open_clip_config.json');
    await expect(load(bare)).rejects.toThrow('has the weights of an EVA-02-CLIP');
    const { vision_cfg, ...others } = Object(eva.config['model_cfg']);
    const enormous = { ...vision_cfg, timm_model_name: 'eva02_enormous_patch14_clip_224' };
    const config = { model_cfg: { vision_cfg: enormous, ...others } };
    await expect(load(withConfig('open_clip_config.json', config, eva))).rejects.toThrow('timm_model_name');
  });
});
