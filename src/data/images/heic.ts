import type { LibHeif } from 'libheif-js/libheif-wasm/libheif.js';
import { overWhite, type RgbImage } from '../../clip/image';
import type { DecodeImage } from '../dataset';

/** Phones' pictures begin with these brands of ISO media, whatever the file is called; AVIF is of the same family. */
export async function isHeic(file: Blob): Promise<boolean> {
  const brands = new TextDecoder('latin1').decode(await file.slice(4, 40).arrayBuffer());
  return brands.startsWith('ftyp') && /he[iv][cmsx]/.test(brands) && !brands.includes('avif');
}

/**
 * Decodes HEIC with libheif, which is loaded with the first such file: turned as the file says, colours as they are in it,
 * transparency over white; of several pictures the first.
 *
 * @param loadWasm reads `libheif.wasm`
 */
export function heicDecoder(loadWasm: () => Promise<ArrayBuffer | Uint8Array>): DecodeImage {
  let library: Promise<LibHeif> | undefined;
  const load = async () => {
    const [{ default: libheif }, wasmBinary] = await Promise.all([
      import('libheif-js/libheif-wasm/libheif.js'),
      loadWasm(),
    ]);
    return libheif({ wasmBinary });
  };
  return async (file) => {
    library ??= load();
    library.catch(() => {
      library = undefined;
    });
    return decode(await library, new Uint8Array(await file.arrayBuffer()));
  };
}

async function decode(heif: LibHeif, file: Uint8Array): Promise<RgbImage> {
  const context = heif.heif_context_alloc();
  try {
    const { code } = heif.heif_context_read_from_memory(context, file);
    if (code !== heif.heif_error_code.heif_error_Ok) throw damaged();
    const handle = heif.heif_js_context_get_primary_image_handle(context);
    if (!handle || 'code' in handle) throw damaged();
    try {
      return await decodeHandle(heif, handle);
    } finally {
      heif.heif_image_handle_release(handle);
    }
  } finally {
    heif.heif_context_free(context);
  }
}

async function decodeHandle(heif: LibHeif, handle: object): Promise<RgbImage> {
  const { heif_colorspace_RGB: rgb } = heif.heif_colorspace;
  const { heif_chroma_interleaved_RGBA: rgba } = heif.heif_chroma;
  const decoded = await heif.heif_js_decode_image2(handle, rgb, rgba);
  if ('code' in decoded) throw damaged();
  try {
    const [{ width, height, stride, data }] = decoded.channels;
    const rows = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++)
      rows.set(data.subarray(y * stride, y * stride + width * 4), y * width * 4);
    return overWhite(rows, width, height);
  } finally {
    heif.heif_image_release(decoded.image);
  }
}

const damaged = () => new Error('it is HEIC, but damaged or cut short; export it as JPEG');
