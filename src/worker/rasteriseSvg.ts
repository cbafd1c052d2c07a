import { yieldToEvents } from '../files/yieldToEvents';

/** Drawings without a size of their own get this many pixels a side. */
const defaultSide = 512;
/** Elements times pixels that are drawn before the page goes on: about a second, where each element covers all of them. */
const mostAtOnce = 2e9;
const mostMs = 10_000;

/**
 * Draws an SVG file, as a PNG. It is shown to no one and comes through an <img>, in which browsers run no scripts and
 * load nothing from outside. For the page's own thread, which goes on between its strips. Rejects where the file is no SVG
 * that can be drawn.
 *
 * @param elements that it draws, about
 * @returns undefined where that would take over ten seconds
 */
export async function rasteriseSvg(svg: Blob, elements: number): Promise<Blob | undefined> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth || defaultSide;
    canvas.height = image.naturalHeight || defaultSide;
    if (!(await draw(image, canvas, elements))) return undefined;
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error('the drawing is too large')))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** False where it takes too long. */
async function draw(image: HTMLImageElement, canvas: HTMLCanvasElement, elements: number): Promise<boolean> {
  const { width, height } = canvas;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const rows = Math.max(1, Math.floor(mostAtOnce / (elements * width)));
  let spent = 0;
  for (let y = 0; y < height && context; y += rows) {
    const start = performance.now();
    context.save();
    context.beginPath();
    context.rect(0, y, width, rows);
    context.clip();
    context.drawImage(image, 0, 0, width, height);
    context.restore();
    // Until someone looks, browsers put it off.
    context.getImageData(0, y, 1, 1);
    spent += performance.now() - start;
    if (spent > mostMs) return false;
    await yieldToEvents();
  }
  return true;
}
