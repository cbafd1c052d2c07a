import libheifUrl from 'libheif-js/libheif-wasm/libheif.wasm?url';
import type { DecodeImage } from '../dataset';
import { decodeInBrowser, withinBudget } from './decodeBrowser';
import { heicDecoder, isHeic } from './heic';
import { checkHeader } from './imageHeader';

const decodeHeic = heicDecoder(async () => (await fetch(libheifUrl)).arrayBuffer());

/**
 * As `decodeInBrowser`, and the HEIC of phones too, by a library that stays a file of its own: what is exported as one
 * file does without.
 */
export const decodeWithHeic: DecodeImage = async (file, path) => {
  if (!(await isHeic(file))) return decodeInBrowser(file, path);
  return withinBudget(await checkHeader(file), () => decodeHeic(file, path));
};
