import { z } from 'zod';
import { type FileSource, type Folder, InputError } from '../files/folder';
import { parseJson, readJson } from '../files/json';
import { openSafetensors, type SafetensorsFile } from '../files/safetensors';

/** What weights are called in Hugging Face's layout and in open_clip's, without `.safetensors`. */
export const STEMS = { huggingFace: 'model', openClip: 'open_clip_model' };

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The safetensors files of a checkpoint: one, or several that an index names. The first of `stems` that is there
 * counts; else the one safetensors file in the folder, whatever it is called.
 *
 * @throws InputError where there is none, saying how other formats are converted
 */
export async function openWeightFiles(
  source: FileSource | Folder,
  stems: string[],
): Promise<SafetensorsFile[]> {
  for (const stem of stems) {
    const single = await source.open(`${stem}.safetensors`);
    if (single) return [await openSafetensors(single, `${source.name}/${stem}.safetensors`)];
    const index = await source.open(`${stem}.safetensors.index.json`);
    if (index) return openShards(source, index, `${stem}.safetensors.index.json`);
  }
  const others = await looseSafetensors(source);
  if (others.length === 1) return [await openNamed(source, others[0], 'the folder lists')];
  if (others.length > 1)
    throw new InputError(
      `${source.name} holds several safetensors files (${others.join(', ')}) and no index of them; ` +
        'call the one that is meant model.safetensors.',
    );
  throw await noWeights(source);
}

/** The safetensors files right in a folder; none where it can't be listed. */
async function looseSafetensors(source: FileSource | Folder): Promise<string[]> {
  const paths = 'paths' in source ? await source.paths() : [];
  return paths.filter((path) => /^[^/]+\.safetensors$/.test(path));
}

async function openShards(source: FileSource, index: Blob, indexName: string): Promise<SafetensorsFile[]> {
  const path = `${source.name}/${indexName}`;
  const { weight_map } = parseJson(indexSchema, await readJson(index, path), path);
  const shards = [...new Set(Object.values(weight_map))].sort();
  return Promise.all(shards.map((shard) => openNamed(source, shard, `${indexName} names`)));
}

async function openNamed(source: FileSource, file: string, reason: string): Promise<SafetensorsFile> {
  const blob = await source.open(file);
  if (!blob) throw new InputError(`${source.name} lacks ${file}, which ${reason}.`);
  return openSafetensors(blob, `${source.name}/${file}`);
}

async function noWeights(source: FileSource | Folder): Promise<InputError> {
  const paths = 'paths' in source ? await source.paths() : [];
  const pickles = paths.filter((path) => /\.(bin|pt|pth|ckpt)$/.test(path));
  if (pickles.length > 0)
    return new InputError(
      `${source.name} has weights only as ${pickles.join(', ')}, a pickle, which could run any program, so it is never opened. ` +
        `Convert it where you trust it, in Python:\n${conversion(pickles)}`,
    );
  const onnx = paths.find((path) => path.endsWith('.onnx'));
  if (onnx)
    return new InputError(
      `${source.name} has its weights only as ONNX (${onnx}), which can't be trained from. Use the original that it was ` +
        'made from, which its config.json (_name_or_path) or model card names, such as openai/clip-vit-base-patch32.',
    );
  return new InputError(
    `${source.name} has no weights: model.safetensors, model.safetensors.index.json with its parts, or ` +
      'open_clip_model.safetensors would be right. Files that end in .bin or .pt must be converted first.',
  );
}

/** A few lines of Python, for one pickle or all parts of one; openai/CLIP's `.pt` files are whole programs (TorchScript). */
const conversion = (files: string[]) => `  import torch, safetensors.torch as st
  w = {}
  for file in [${files.map((file) => JSON.stringify(file)).join(', ')}]:
    part = torch.load(file, weights_only=True)${files.some((file) => file.endsWith('.pt')) ? "  # openai/CLIP's: torch.jit.load(file).state_dict()" : ''}
    w.update(part.get("state_dict", part))
  st.save_file({k.removeprefix("module."): v.contiguous().clone() for k, v in w.items() if hasattr(v, "contiguous")}, "model.safetensors")`;
