import { describe, expect, it } from 'vitest';
import { readAll } from '../../src/files/tensors';
import { files, load, withTensors } from './studentCheckpoint';

/** The student's files, with another `config.json` made from its own. */
async function withConfig(change: (config: Record<string, unknown>) => unknown): Promise<Map<string, Blob>> {
  const changed = files('student');
  const config = JSON.parse((await changed.get('config.json')?.text()) ?? '');
  return changed.set('config.json', new Blob([JSON.stringify(change(config))]));
}

describe('what wrappers and other versions leave in a checkpoint', () => {
  it.each(['module.', 'base_model.model.'])('reads weights that all begin with %s', async (prefix) => {
    const wrapped = await withTensors((tensors) => {
      for (const [name, tensor] of Object.entries(tensors)) {
        tensors[prefix + name] = tensor;
        delete tensors[name];
      }
    });
    const expected = await readAll((await load(files('student'), { text: false })).tensors);
    expect(await readAll((await load(wrapped, { text: false })).tensors)).toEqual(expected);
  });

  it('reads an image tower alone, and names the texts that it lacks', async () => {
    const alone = await withConfig(({ vision_config, projection_dim }) => ({
      ...Object(vision_config),
      projection_dim,
      model_type: 'clip_vision_model',
    }));
    const { config } = await load(alone, { text: false });
    expect(config).toEqual((await load(files('student'), { text: false })).config);
    await expect(load(alone)).rejects.toThrow('has no text tower');
  });

  it('names a text tower alone', async () => {
    const alone = await withConfig(() => ({ model_type: 'clip_text_model' }));
    await expect(load(alone)).rejects.toThrow('describes a text tower alone');
  });

  it('takes what vision_config_dict leaves out as the default', async () => {
    const twice = await withConfig((config) => ({
      ...config,
      vision_config: { ...Object(config['vision_config']), hidden_act: 'gelu' },
      vision_config_dict: { ...Object(config['vision_config']), hidden_act: undefined },
    }));
    expect((await load(twice, { text: false })).config.vision.hiddenAct).toBe('quick_gelu');
  });

  it('takes preprocessing from processor_config.json before an older file', async () => {
    const newer = files('student').set(
      'processor_config.json',
      new Blob([JSON.stringify({ image_processor: { image_mean: [0.5, 0.5, 0.5] } })]),
    );
    expect((await load(newer, { text: false })).preprocessor.mean).toEqual([0.5, 0.5, 0.5]);
  });

  it('says how a pickle alone is converted', async () => {
    await expect(load(new Map([['epoch_32.pt', new Blob(['PK'])]]))).rejects.toThrow(
      /has weights only as epoch_32\.pt.*"state_dict"/s,
    );
  });

  it('knows a pointer of Git LFS', async () => {
    const pointer = files('student').set(
      'model.safetensors',
      new Blob(['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 10\n']),
    );
    await expect(load(pointer)).rejects.toThrow('is only Git LFS');
  });
});
