import type { FileSource, OnProgress } from '../files/folder';
import { urlSource } from '../files/url';

const HUB = 'https://huggingface.co';

/** `owner/name` on the Hugging Face hub. */
export const isHubId = (place: string): boolean => /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(place);

/** A web address. */
export const isWebAddress = (place: string): boolean => /^https?:\/\//.test(place);

/** The files of a checkpoint at a web address or, by its id, on the hub. It is called what the user wrote. */
export function remoteCheckpoint(place: string, onProgress?: OnProgress): FileSource {
  const base = isWebAddress(place) ? place : `${HUB}/${place}/resolve/main`;
  return { ...urlSource(base, onProgress), name: place };
}
