/** What is used of libheif-js: libheif's functions in C (https://github.com/strukturag/libheif), bound to JavaScript. */
declare module 'libheif-js/libheif-wasm/libheif.js' {
  /** What functions answer that found no picture. */
  interface HeifError {
    code: unknown;
  }

  interface HeifChannel {
    width: number;
    height: number;
    /** Bytes from one row to the next. */
    stride: number;
    data: Uint8Array;
  }

  export interface LibHeif {
    heif_error_code: { heif_error_Ok: unknown };
    heif_colorspace: { heif_colorspace_RGB: unknown };
    heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
    heif_context_alloc(): object;
    heif_context_free(context: object): void;
    heif_context_read_from_memory(context: object, file: Uint8Array): HeifError;
    heif_js_context_get_primary_image_handle(context: object): object | HeifError;
    heif_image_handle_get_width(handle: object): number;
    heif_image_handle_get_height(handle: object): number;
    heif_image_handle_release(handle: object): void;
    /** Turned as the file says. */
    heif_js_decode_image2(
      handle: object,
      colours: unknown,
      order: unknown,
    ): Promise<{ channels: HeifChannel[]; image: object } | HeifError>;
    heif_image_release(image: object): void;
  }

  export default function libheif(options: {
    wasmBinary: ArrayBuffer | Uint8Array;
  }): LibHeif | Promise<LibHeif>;
}
