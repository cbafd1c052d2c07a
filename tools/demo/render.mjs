/** From an SVG text to pixels of one size, whatever margin the artist left. */
import sharp from 'sharp'

const RENDERED = 192
const MARGIN = 0.05
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 }

/** The drawing without its margin, as a large RGBA picture. */
async function drawing(svg) {
  const [, w, h] = svg.match(/width="([\d.]+)" height="([\d.]+)"/)
  const density = (72 * RENDERED) / Math.max(Number(w), Number(h))
  const picture = await sharp(Buffer.from(svg), { density }).ensureAlpha().png().toBuffer()
  return sharp(picture).trim({ background: CLEAR, threshold: 8 }).png().toBuffer()
}

/** RGBA bytes [size, size, 4] of each wanted size, the drawing centred with a small margin. */
export async function renderRgba(svg, sizes) {
  const picture = await drawing(svg)
  return Promise.all(sizes.map(async (size) => {
    const margin = Math.round(MARGIN * size)
    const inner = size - 2 * margin
    const centred = await sharp(picture).resize(inner, inner, { fit: 'contain', background: CLEAR }).png().toBuffer()
    return sharp(centred)
      .extend({ top: margin, bottom: margin, left: margin, right: margin, background: CLEAR })
      .raw().toBuffer()
  }))
}

/** RGBA bytes as a lossless WebP over white. */
export function webpOverWhite(rgba, size) {
  return sharp(rgba, { raw: { width: size, height: size, channels: 4 } })
    .flatten({ background: '#ffffff' })
    .webp({ lossless: true, effort: 6 })
    .toBuffer()
}
