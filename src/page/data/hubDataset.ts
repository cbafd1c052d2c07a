import { CONVERTED, datasetPlace } from '../../hub/place';

/** The id of the Hugging Face data set that a text names, as `owner/name` or as an address; undefined where it names none. */
export function hubDataset(text: string): string | undefined {
  const place = datasetPlace(text.trim());
  if (!place) return undefined;
  const { id, config, revision } = place;
  return [id, config && `/${config}`, revision !== CONVERTED && `@${revision}`].filter(Boolean).join('');
}
