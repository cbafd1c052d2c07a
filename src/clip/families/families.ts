import { InputError } from '../../files/folder';
import { type ClipConfig, completeRawConfig, parseClipConfig, type RawConfig } from '../config';
import { evaInOpenClip } from './eva';
import { isSiglip, parseSiglipConfig, rawSiglipVision, siglipInOpenClip } from './siglip';

/**
 * Sizes from the contents of a `config.json`, whichever family it is of; `where` begins the error messages.
 *
 * @throws InputError for other kinds of model, and for sizes that can't be
 */
export function parseConfig(raw: RawConfig, where: string): ClipConfig {
  return isSiglip(raw['model_type']) ? parseSiglipConfig(raw, where) : parseClipConfig(raw, where);
}

/** A `config.json` for a model, as `completeRawConfig`; of a SigLIP for its image tower alone. */
export function rawConfigOf(raw: RawConfig, config: ClipConfig): RawConfig {
  return config.vision.form.family === 'SigLIP' ? rawSiglipVision(config) : completeRawConfig(raw, config);
}

/** @throws InputError where a model is not a CLIP with CLIP's own towers, which `what` needs; it ends as “… needs” */
export function checkIsClip({ name, config }: { name: string; config: ClipConfig }, what: string): void {
  const { family } = config.vision.form;
  if (family !== 'CLIP')
    throw new InputError(
      `${name} is of the family ${family}, and ${what} needs a CLIP with CLIP’s own towers, such as openai/clip-vit-base-patch16.`,
    );
}

/** @throws InputError where a model can teach, but not be a student, since the exports can't hold its layers */
export function checkCanLearn({ name, config }: { name: string; config: ClipConfig }): void {
  const { family, layers } = config.vision.form;
  if (layers !== 'CLIP')
    throw new InputError(
      `${name} is of the family ${family}, which can be a teacher and no student; start the student from random weights or from a plain CLIP, such as openai/clip-vit-base-patch16.`,
    );
}

/** Families that open_clip builds of timm's image towers. */
const IN_OPEN_CLIP = [siglipInOpenClip, evaInOpenClip];
export type TimmFamily = (typeof IN_OPEN_CLIP)[number];

/** The family of one of timm's image towers by its name; undefined where there is none. */
export const timmFamily = (timmName: string): TimmFamily | undefined =>
  IN_OPEN_CLIP.find((family) => family.timmName.test(timmName));
