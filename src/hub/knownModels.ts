/** A CLIP on the Hugging Face hub that the engine's towers fit. */
export interface KnownModel {
  /** Its id on the hub, with a revision where the default one has no safetensors. */
  id: string;
  name: string;
  /** Pixels of an image's side. */
  imageSize: number;
  patchSize: number;
  /** Of both towers together, in millions. */
  parameters: number;
  /** What has to be downloaded, in megabytes, nearly all of it weights. */
  megabytes: number;
  /** As the repository states it; undefined where it states none. */
  licence?: string;
  /** Whether this very repository was loaded and compared with PyTorch, and not only a model of its sizes. */
  isTested: boolean;
}

/**
 * The choices of the model picker, smallest first. The sizes follow from the architectures; licences and files are as
 * the repositories showed them in 2024 and 2025. Of OpenAI's own repositories only ViT-L/14 has safetensors on its main
 * branch; for the others it is timm's copies of the same weights, in OpenCLIP's layout. MetaCLIP's
 * and one of DataComp's lie on branches that the hub's converter proposed.
 */
export const knownModels: KnownModel[] = [
  model('wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M', 'TinyCLIP ViT-8M/16', [224, 16, 23.4, 96], 'mit'),
  model('wkcn/TinyCLIP-ViT-39M-16-Text-19M-YFCC15M', 'TinyCLIP ViT-39M/16', [224, 16, 83, 334], 'mit'),
  model('timm/vit_base_patch32_clip_224.openai', 'OpenAI ViT-B/32', [224, 32, 151.3, 609], 'apache-2.0'),
  model('laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 'LAION-2B ViT-B/32', [224, 32, 151.3, 608], 'mit'),
  model('laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K', 'DataComp ViT-B/32', [224, 32, 151.3, 608], 'mit'),
  model('facebook/metaclip-b32-400m@refs/pr/1', 'MetaCLIP ViT-B/32', [224, 32, 151.3, 607], 'cc-by-nc-4.0'),
  model('timm/vit_base_patch16_clip_224.openai', 'OpenAI ViT-B/16', [224, 16, 149.6, 603], 'apache-2.0'),
  model('laion/CLIP-ViT-B-16-laion2B-s34B-b88K', 'LAION-2B ViT-B/16', [224, 16, 149.6, 601], 'mit'),
  model(
    'laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K@refs/pr/2',
    'DataComp ViT-B/16',
    [224, 16, 149.6, 601],
    'mit',
  ),
  model('facebook/metaclip-b16-400m@refs/pr/1', 'MetaCLIP ViT-B/16', [224, 16, 149.6, 601], 'cc-by-nc-4.0'),
  model('openai/clip-vit-large-patch14', 'OpenAI ViT-L/14', [224, 14, 427.6, 1713]),
  model(
    'timm/vit_large_patch14_clip_336.openai',
    'OpenAI ViT-L/14 at 336 px',
    [336, 14, 427.9, 1716],
    'apache-2.0',
  ),
];

type Sizes = [imageSize: number, patchSize: number, parameters: number, megabytes: number];

function model(id: string, name: string, sizes: Sizes, licence?: string): KnownModel {
  const [imageSize, patchSize, parameters, megabytes] = sizes;
  return { id, name, imageSize, patchSize, parameters, megabytes, licence, isTested: false };
}

/** The known model whose id is meant by one with a slip of the pen or another owner. */
export function similarModel(id: string): string | undefined {
  const written = id.toLowerCase();
  const ids = [...knownModels.map((known) => known.id.split('@')[0]), ...withoutSafetensors.keys()];
  const sameName = ids.find((known) => known.toLowerCase().split('/')[1] === written.split('/')[1]);
  if (sameName) return sameName;
  const [nearest] = ids
    .map((known) => ({ known, distance: editDistance(known.toLowerCase(), written) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest.distance <= 3 ? nearest.known : undefined;
}

/** Repositories whose main branch holds pickles only, with where the same weights lie as safetensors. */
export const withoutSafetensors: ReadonlyMap<string, string> = new Map([
  ['openai/clip-vit-base-patch32', 'timm/vit_base_patch32_clip_224.openai'],
  ['openai/clip-vit-base-patch16', 'timm/vit_base_patch16_clip_224.openai'],
  ['openai/clip-vit-large-patch14-336', 'timm/vit_large_patch14_clip_336.openai'],
  ['laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K', 'laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K@refs/pr/2'],
  ['facebook/metaclip-b32-400m', 'facebook/metaclip-b32-400m@refs/pr/1'],
  ['facebook/metaclip-b16-400m', 'facebook/metaclip-b16-400m@refs/pr/1'],
]);

/** How many characters to insert, delete or replace to make one text of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
