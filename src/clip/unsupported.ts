interface Kind {
  type?: RegExp;
  tensor?: RegExp;
  sentence: string;
  /** With a configuration that is understood, it can be used. */
  isKnownByConfig?: boolean;
}

/** Kinds of model that look like a CLIP: how they are known, what they are, what would do instead. */
const KINDS: Kind[] = [
  {
    type: /^siglip2/,
    sentence:
      'is a SigLIP 2 of the kind NaFlex, which cuts images of any shape into ever other patches; that is not supported. ' +
      'Use one for images of a fixed size, such as google/siglip2-base-patch16-224.',
  },
  {
    tensor: /^vision_model\.head\.probe$|^visual\.trunk\.attn_pool\./,
    isKnownByConfig: true,
    sentence:
      'has the weights of a SigLIP, which don’t tell all of its sizes: put its config.json beside them, or its open_clip_config.json.',
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
      'is an EVA-CLIP under its makers’ names, which is not supported. ' +
      'Use an EVA-02-CLIP in open_clip’s layout, such as timm/eva02_base_patch16_clip_224.merged2b_s8b_b131k.',
  },
  {
    tensor: /^visual\.trunk\.blocks\.0\.mlp\.fc1_g\./,
    isKnownByConfig: true,
    sentence:
      'has the weights of an EVA-02-CLIP, which don’t tell all of its sizes: put its open_clip_config.json beside them.',
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
    isKnownByConfig: true,
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

/** What is known of a model. */
interface Signs {
  /** Of its `config.json`. */
  modelType?: string;
  /** Of its tensors in its files. */
  names?: Iterable<string>;
  /** Its configuration has been understood. */
  isDescribed?: boolean;
}

/** Why a model can't be used, as the end of a sentence that begins with its name; undefined where nothing is against it. */
export function whyUnsupported({ modelType, names = [], isDescribed = false }: Signs): string | undefined {
  const all = [...names];
  const kind = KINDS.find(
    ({ type, tensor, isKnownByConfig }) =>
      (modelType !== undefined && type?.test(modelType)) ||
      (!(isDescribed && isKnownByConfig) && all.some((name) => tensor?.test(name))),
  );
  return kind?.sentence;
}
