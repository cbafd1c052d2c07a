/** Kinds of model that look like a CLIP: how they are known, what they are, what would do instead. */
const KINDS: { type?: RegExp; tensor?: RegExp; sentence: string }[] = [
  {
    type: /^siglip/,
    tensor: /^vision_model\.head\.probe$|^visual\.trunk\.attn_pool\./,
    sentence:
      'is a SigLIP, which pools by attention and compares by a sigmoid with a bias; that is not supported. ' +
      'A CLIP of about the same size is laion/CLIP-ViT-B-16-laion2B-s34B-b88K.',
  },
  {
    tensor: /^visual\.layer1\./,
    sentence:
      'has a ResNet as its image tower (RN50, RN101 and so on), which is not supported. ' +
      'Use one with a ViT, such as openai/clip-vit-base-patch32.',
  },
  {
    type: /^clipseg/,
    tensor: /^clip\.vision_model\.|^decoder\.film_mul\./,
    sentence:
      'is a CLIPSeg, a CLIP with a decoder for segments, which is not supported. ' +
      'Use the CLIP that it was made from, openai/clip-vit-base-patch16.',
  },
  {
    type: /^chinese_clip/,
    tensor: /^text_model\.encoder\.layer\.0\.|^bert\./,
    sentence:
      'is a Chinese-CLIP, whose text tower is a BERT, which is not supported. ' +
      'Use one whose text tower is CLIP’s own, such as openai/clip-vit-base-patch16.',
  },
  {
    type: /^eva_?clip/i,
    tensor: /^visual\.blocks\.0\./,
    sentence:
      'is an EVA-CLIP, whose image tower has other layers than CLIP’s ViT, which are not supported. ' +
      'Use one with CLIP’s own ViT, such as laion/CLIP-ViT-L-14-laion2B-s32B-b82K.',
  },
  {
    tensor: /\.ls_[12]\.gamma$/,
    sentence: 'scales its layers (LayerScale, ls_1 and ls_2), which is not supported. Use a plain CLIP.',
  },
  {
    tensor: /\.attn\.(ln_[qk]|logit_scale|head_scale)/,
    sentence:
      'normalises queries and keys or scales its heads (qk_norm, scaled_cosine_attn, scale_heads), which is not supported. Use a plain CLIP.',
  },
  {
    tensor: /^positional_embedding_res$/,
    sentence:
      'is a Long-CLIP under its own names, with a second table of positions (positional_embedding_res), which is not supported. ' +
      'Use its conversion to Hugging Face’s layout.',
  },
  {
    tensor: /^classifier\./,
    sentence:
      'is a classifier made from a CLIP (CLIPForImageClassification), which has no projection to the texts. Use the CLIP that it was made from.',
  },
  {
    tensor: /\.lora_[AB]\./,
    sentence:
      'is an adapter (LoRA, of PEFT) and not a whole model. Merge it into its base model (merge_and_unload in peft), save that, and give it.',
  },
  {
    tensor: /^text_decoder\./,
    sentence: 'is a CoCa, a CLIP that also writes captions, which is not supported. Use a plain CLIP.',
  },
  {
    tensor: /^visual\.trunk\./,
    sentence:
      'has an image tower of timm’s own make, which is not supported. Use one with CLIP’s own ViT, such as openai/clip-vit-base-patch16.',
  },
  {
    tensor: /^text\.transformer\.(embeddings|encoder)\./,
    sentence:
      'has a text tower other than CLIP’s (a BERT or the like), which is not supported. ' +
      'Use one with CLIP’s own text tower, such as openai/clip-vit-base-patch16.',
  },
  {
    tensor: /^patch_embed\.proj\./,
    sentence:
      'is a ViT alone under timm’s names, which is not supported. ' +
      'Where the same repository has open_clip_model.safetensors and open_clip_config.json, give these two.',
  },
];

/**
 * Why a model can't be used, as the end of a sentence that begins with its name; undefined where nothing is against it.
 *
 * @param modelType of its `config.json`
 * @param tensors the names in its files
 */
export function whyUnsupported(
  modelType: string | undefined,
  tensors: Iterable<string> = [],
): string | undefined {
  const names = [...tensors];
  const kind = KINDS.find(
    ({ type, tensor }) =>
      (modelType !== undefined && type?.test(modelType)) || names.some((name) => tensor?.test(name)),
  );
  return kind?.sentence;
}
