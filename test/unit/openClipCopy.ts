import fs from 'node:fs';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import type { HostTensor, HostTensors } from '../../src/files/tensors';

const root = 'test/fixtures/reference';

/** A model of the fixture as open_clip would store it: `open_clip_config.json`, `open_clip_model.safetensors`, its tokenizer. */
export async function openClipCopy(model: string, textPrefix: '' | 'text.' = ''): Promise<Map<string, Blob>> {
  const read = (name: string) => new Blob([fs.readFileSync(`${root}/${model}/${name}`)]);
  const {
    vision_config: vision,
    text_config: text,
    projection_dim,
  } = JSON.parse(await read('config.json').text());
  const config = {
    model_cfg: {
      embed_dim: projection_dim,
      quick_gelu: true,
      vision_cfg: {
        image_size: vision.image_size,
        layers: vision.num_hidden_layers,
        width: vision.hidden_size,
        head_width: vision.hidden_size / vision.num_attention_heads,
        patch_size: vision.patch_size,
      },
      text_cfg: {
        context_length: text.max_position_embeddings,
        vocab_size: text.vocab_size,
        width: text.hidden_size,
        heads: text.num_attention_heads,
        layers: text.num_hidden_layers,
      },
    },
    preprocess_cfg: {
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
      interpolation: 'bicubic',
      resize_mode: 'shortest',
    },
  };
  const tensors = await readSafetensors(read('model.safetensors'), model);
  return new Map([
    ['open_clip_config.json', new Blob([JSON.stringify(config)])],
    ['open_clip_model.safetensors', new Blob([writeSafetensors(renamed(tensors, textPrefix))])],
    ['tokenizer.json', read('tokenizer.json')],
  ]);
}

function renamed(tensors: HostTensors, textPrefix: string): HostTensors {
  const result: HostTensors = { logit_scale: tensors['logit_scale'] };
  const tower = (from: string, to: string) => {
    const own = (name: string) => tensors[`${from}.${name}`];
    const both = (target: string, name: string) => {
      result[`${to}${target}.weight`] = own(`${name}.weight`);
      result[`${to}${target}.bias`] = own(`${name}.bias`);
    };
    for (let i = 0; `${from}.encoder.layers.${i}.mlp.fc1.weight` in tensors; i++) {
      const [layer, block] = [`encoder.layers.${i}`, `transformer.resblocks.${i}`];
      for (const kind of ['weight', 'bias'])
        result[`${to}${block}.attn.in_proj_${kind}`] = below(
          ['q', 'k', 'v'].map((part) => own(`${layer}.self_attn.${part}_proj.${kind}`)),
        );
      both(`${block}.attn.out_proj`, `${layer}.self_attn.out_proj`);
      both(`${block}.ln_1`, `${layer}.layer_norm1`);
      both(`${block}.ln_2`, `${layer}.layer_norm2`);
      both(`${block}.mlp.c_fc`, `${layer}.mlp.fc1`);
      both(`${block}.mlp.c_proj`, `${layer}.mlp.fc2`);
    }
    return { own, both };
  };
  const vision = tower('vision_model', 'visual.');
  result['visual.class_embedding'] = vision.own('embeddings.class_embedding');
  result['visual.conv1.weight'] = vision.own('embeddings.patch_embedding.weight');
  result['visual.positional_embedding'] = vision.own('embeddings.position_embedding.weight');
  vision.both('ln_pre', 'pre_layrnorm');
  vision.both('ln_post', 'post_layernorm');
  result['visual.proj'] = turned(tensors['visual_projection.weight']);
  const text = tower('text_model', textPrefix);
  result[`${textPrefix}token_embedding.weight`] = text.own('embeddings.token_embedding.weight');
  result[`${textPrefix}positional_embedding`] = text.own('embeddings.position_embedding.weight');
  text.both('ln_final', 'final_layer_norm');
  result[`${textPrefix}text_projection`] = turned(tensors['text_projection.weight']);
  return result;
}

function below(parts: HostTensor[]): HostTensor {
  const data = new Float32Array(3 * parts[0].data.length);
  for (const [i, part] of parts.entries()) data.set(part.data, i * part.data.length);
  return { shape: [3 * parts[0].shape[0], ...parts[0].shape.slice(1)], data };
}

function turned({ shape: [rows, columns], data }: HostTensor): HostTensor {
  const at = (i: number) => data[(i % rows) * columns + Math.floor(i / rows)];
  return { shape: [columns, rows], data: Float32Array.from(data, (_, i) => at(i)) };
}
