import { CLIP_TEXT, type VisionForm } from '../config';
import type { Place } from '../place';
import { timmPlace } from './timm';

// EVA-02-CLIP (Sun et al. 2023, “EVA-CLIP”; Fang et al. 2023, “EVA-02”) differs from CLIP by what follows, and by its
// image tower's layers (`evaLayer.ts`). Its text tower is CLIP's.

const EVA_VISION: VisionForm = {
  family: 'EVA-02-CLIP',
  hasClassToken: true,
  hasPatchBias: true,
  hasPreNorm: false,
  pooling: 'class token',
  hasProjection: true,
  hasProjectionBias: true,
  layers: 'EVA-02',
};

/** The parts of its layers that no other ViT of timm's has: ours, timm's. */
const LAYER_PARTS: Record<string, string> = {
  'self_attn.q_proj': 'attn.q_proj',
  'self_attn.k_proj': 'attn.k_proj',
  'self_attn.v_proj': 'attn.v_proj',
  'self_attn.inner_norm': 'attn.norm',
  'mlp.gate_proj': 'mlp.fc1_g',
  'mlp.fc1': 'mlp.fc1_x',
  'mlp.inner_norm': 'mlp.norm',
};

/** EVA-02-CLIP in open_clip's layout: its image tower is timm's. The largest, “enormous”, has other layers. */
export const evaInOpenClip = {
  timmName: /^eva02_(base_patch16|large_patch14)_clip_\d+$/,
  form: EVA_VISION,
  // Its gates' activation is SiLU, whatever this says.
  hiddenAct: () => 'gelu' as const,
  headSize: () => 64,
  layerNormEps: 1e-6,
  visionOptions: { timm_pool: ['token'], timm_proj: [undefined] },
  textOptions: {},
  textForm: CLIP_TEXT,
  place(name: string): Place {
    const projection = /^visual_projection\.(weight|bias)$/.exec(name)?.[1];
    if (projection) return { name: `visual.trunk.head.${projection}` };
    const [, layer, part, kind] =
      /^vision_model\.encoder\.layers\.(\d+)\.(.*)\.(weight|bias)$/.exec(name) ?? [];
    if (!(part in LAYER_PARTS)) return timmPlace(name);
    const own = (ours: string) => `visual.trunk.blocks.${layer}.${LAYER_PARTS[ours]}.${kind}`;
    // Keys have no bias.
    if (part === 'self_attn.k_proj' && kind === 'bias')
      return { name: own('self_attn.q_proj'), isZero: true };
    return { name: own(part) };
  },
};
