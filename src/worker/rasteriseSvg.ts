/** Drawings without a size of their own get this many pixels a side. */
const defaultSide = 512;

/**
 * Draws an SVG file, as a PNG. It is shown to no one and comes through an <img>, in which browsers run no scripts and
 * load nothing from outside. For the page's own thread. Rejects where the file is no SVG that can be drawn.
 */
export async function rasteriseSvg(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth || defaultSide;
    canvas.height = image.naturalHeight || defaultSide;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error('the drawing is too large')))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
