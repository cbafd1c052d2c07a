/** The art styles of the demo: one open emoji set each, as packed by Iconify. */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Held-out styles are never shown to the teacher while it trains. */
const STYLES = [
  { id: 'noto', name: 'Noto Emoji' },
  { id: 'noto-v1', name: 'Noto Emoji 1' },
  { id: 'fluent-emoji', name: 'Fluent Emoji 3D' },
  { id: 'fluent-emoji-flat', name: 'Fluent Emoji Flat' },
  { id: 'openmoji', name: 'OpenMoji' },
  { id: 'twemoji', name: 'Twemoji', heldOut: true },
  { id: 'emojione', name: 'Emoji One', heldOut: true },
]

/** Reads one set: its credit, and a function from emoji and slug to an SVG text or undefined. */
function readStyle({ id, name, heldOut = false }) {
  const folder = dirname(require.resolve(`@iconify-json/${id}/icons.json`))
  const json = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const icons = json('icons.json')
  const info = json('info.json')
  let chars = {}
  try {
    chars = json('chars.json')
  } catch {
    // Some sets have no table of code points and are matched by name alone.
  }
  const resolve = (icon) => icons.icons[icon] ?? (icons.aliases?.[icon] && resolve(icons.aliases[icon].parent))

  return {
    id, name, heldOut,
    author: info.author.name,
    licence: info.license.spdx,
    url: info.author.url,
    licenceUrl: info.license.url,
    package: `@iconify-json/${id}`,
    version: json('package.json').version,
    iconName: (codePoints) => chars[codePoints],
    svg(icon) {
      const data = resolve(icon)
      if (!data) return undefined
      const [w, h] = [data.width ?? icons.width ?? 16, data.height ?? icons.height ?? 16]
      const box = `${data.left ?? 0} ${data.top ?? 0} ${w} ${h}`
      return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${w}" height="${h}" viewBox="${box}">${data.body}</svg>`
    },
  }
}

export const readStyles = () => STYLES.map(readStyle)
