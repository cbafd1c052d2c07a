/** Which emoji become concepts, with the names and tags that are their text. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const groups = require('unicode-emoji-json/data-by-group.json')
const emojibase = require('emojibase-data/en/data.json')

/** Faces, people, symbols and flags are left out: they differ by details that 64 pixels do not show. */
const GROUPS = ['animals_nature', 'food_drink', 'travel_places', 'activities', 'objects']
/** 24 clock faces and the like would be 24 concepts of the same picture. */
const LEFT_OUT = /o’clock|-thirty$|^globe showing|^(first|last|waning|waxing) |\b(2nd|3rd) place/
/** The same name, but another thing in an older set: there, cricket is the sport. */
const OTHER_THING = new Set(['noto-v1/cricket', 'emojione/cricket'])
/** A concept needs this many of the styles that the teacher trains on. */
const TRAINING_STYLES_NEEDED = 3

const codePoints = (emoji) => [...emoji].map((c) => c.codePointAt(0).toString(16)).filter((c) => c !== 'fe0f').join('-')
const slug = (text) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’'.!“”]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

const tagsOf = new Map(emojibase.map((e) => [codePoints(e.emoji), e.tags ?? []]))

/** The icon of one concept in every style that draws it: [{ style, svg }]. */
function drawings(key, id, styles) {
  const names = new Set([id, ...styles.map((s) => s.iconName(key)).filter(Boolean)])
  return styles.flatMap((style) => {
    const icon = [style.iconName(key), ...names].find((n) => n && style.svg(n))
    return icon && !OTHER_THING.has(`${style.id}/${id}`) ? [{ style, svg: style.svg(icon) }] : []
  })
}

/** Groups of concepts: [{ id, name, concepts: [{ id, name, tags, drawings }] }]. */
export function readGroups(styles) {
  const enough = (concept) => concept.drawings.filter((d) => !d.style.heldOut).length >= TRAINING_STYLES_NEEDED
  return groups
    .filter((group) => GROUPS.includes(group.slug))
    .map((group) => ({
      id: group.slug.replace(/_/g, '-'),
      name: group.name,
      concepts: group.emojis
        .filter((e) => !LEFT_OUT.test(e.name))
        .map((e) => {
          const [id, key] = [slug(e.name), codePoints(e.emoji)]
          const name = e.name.replace(/’/g, "'").replace(/[“”]/g, '')
          const tags = (tagsOf.get(key) ?? []).filter((tag) => tag.toLowerCase() !== name.toLowerCase())
          return { id, name, tags, drawings: drawings(key, id, styles) }
        })
        .filter(enough),
    }))
}
