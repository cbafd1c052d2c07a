/** As many elements as librsvg draws at most, those counted again and again that are used so. */
const mostElements = 500_000;
/** A step of a filter takes as long as so many elements, and as one more for every so many pixels of the drawing, */
const filterStep = 40;
const filterPixels = 250;
/** and what is drawn apart, to be made transparent, masked or blended as a whole, for every so many. */
const groupPixels = 1000;
/** Steps of filters that a style has, shadows among them. */
const styledFilter =
  /(?:blur|drop-shadow|brightness|contrast|grayscale|hue-rotate|invert|saturate|sepia)\s*\(|(?:box|text)-shadow\s*:/gi;
/** A text takes as long as so many elements: it is shaped first. */
const textElements = 20;
/** Uses of what uses something else, and so on. */
const mostDepth = 100;
/** Parts that use themselves, by way of others too: in each of many orders, another one is left out. */
const mostCircles = 10;
/** What other parts are referred to by, in an attribute or a style; of a marker with its attribute's name. */
const referral =
  /(marker[\w-]{0,9}\s{0,9}[=:]\s{0,9}["']?\s{0,9}\w{0,9})?(?:href\s*=\s*["']#|\(\s*["']?#)([^"')\s]+)/g;

/** A part of the drawing that others may refer to: its elements, from `start` to before `end` in their order. */
interface Part {
  start: number;
  end: number;
  drawn?: number;
  isOpen?: boolean;
}

interface Reference {
  /** The element that refers. */
  at: number;
  id: string;
  times: number;
}

/**
 * Refuses a drawing of a few lines that would keep whoever draws it busy for hours: parts that use parts that use
 * parts, and heavy filters. Throws an Error whose message is the reason. Takes a time that grows with its length alone.
 *
 * @param pixels that it is drawn with
 * @returns the elements that it draws, with what costs as much counted as so many
 */
export function svgCost(svg: string, pixels: number): number {
  const { costs, parts, references } = outline(svg.replace(/&#(x[\da-f]{1,5}|\d{1,6});/gi, decoded), pixels);
  const sums = [0];
  for (const cost of costs) sums.push(sums[sums.length - 1] + cost);

  let circles = 0;
  /** What is drawn of these elements, with all that they refer to. Where a part uses itself, no one draws it again. */
  function drawn(part: Part, depth: number): number {
    if (part.isOpen) circles++;
    if (depth > mostDepth || circles > mostCircles)
      throw new Error('it nests too many uses of its parts in one another; save it as PNG');
    if (part.isOpen) return 0;
    if (part.drawn !== undefined) return part.drawn;
    part.isOpen = true;
    let total = sums[part.end] - sums[part.start];
    for (let i = firstFrom(references, part.start); references[i]?.at < part.end; i++) {
      const other = parts.get(references[i].id);
      if (other) total += references[i].times * drawn(other, depth + 1);
      checkTotal(total);
    }
    part.isOpen = false;
    part.drawn = total;
    return total;
  }
  const total = drawn({ start: 0, end: costs.length }, 0);
  checkTotal(total);
  return total;
}

function checkTotal(total: number): void {
  if (total > mostElements)
    throw new Error('it draws over 500,000 elements, or filters that are as slow; save it as PNG');
}

/** Of references in order, the first from this element on. */
function firstFrom(references: { at: number }[], element: number): number {
  let [low, high] = [0, references.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (references[middle].at < element) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Outline {
  references: Reference[];
  costs: number[];
}

/** A drawing's elements in their order: what each costs, which parts have names, who refers to whom. */
function outline(svg: string, pixels: number) {
  const costs: number[] = [];
  const parts = new Map<string, Part>();
  const references: Reference[] = [];
  /** Elements by their kind, id and classes, which styles choose them by. */
  const named = new Map<string, number[]>();
  const open: (Part | undefined)[] = [];
  for (const tag of tagsIn(svg)) {
    if (tag.startsWith('/')) {
      const part = open.pop();
      if (part) part.end = costs.length;
      continue;
    }
    const at = costs.length;
    if (/\shref\s*=\s*["']\s*data:image\/svg|:href\s*=\s*["']\s*data:image\/svg/i.test(tag))
      throw new Error('it has another drawing packed into it; save it as PNG');
    costs.push(costOf(tag, pixels));
    // A marker is drawn at each point of a line, of which its tag has room for so many.
    for (const [, marker, id] of tag.matchAll(referral))
      references.push({ at, id, times: marker ? Math.ceil(tag.length / 2) : 1 });
    const [, id] = /\sid\s*=\s*["']([^"']*)/.exec(tag) ?? [];
    const [, classes = ''] = /\sclass\s*=\s*["']([^"']*)/.exec(tag) ?? [];
    for (const name of new Set(['*', /^[\w-]*/.exec(tag)?.[0] ?? '', id ?? '', ...classes.split(/\s+/)]))
      named
        .set(name, named.get(name) ?? [])
        .get(name)
        ?.push(at);
    const part = id === undefined ? undefined : { start: at, end: at + 1 };
    if (id !== undefined && part) parts.set(id, part);
    if (!tag.endsWith('/')) open.push(part);
  }
  addStyled({ references, costs }, svg, named, pixels);
  return { costs, parts, references: references.sort((a, b) => a.at - b.at) };
}

/** What an element costs of itself. */
function costOf(tag: string, pixels: number): number {
  const apart =
    apartIn(tag, pixels) +
    (/^(g|a|svg|switch|use)\b.*[\s"';]opacity\s*[=:]/s.test(tag) ? pixels / groupPixels : 0);
  if (/^([\w-]+:)?(text|tspan|textPath)\b/.test(tag)) return textElements + apart;
  if (!/^([\w-]+:)?fe[A-Z]/.test(tag)) return 1 + apart;
  const [, size, first = 1, second = first] =
    /\b(numOctaves|order|radius)\s*=\s*["']\s*([\d.]+)(?:[\s,]+([\d.]+))?/.exec(tag) ?? [];
  const noise = tag.includes('Turbulence') ? 4 : 1;
  // Noise is added up octave by octave; the others go over a square around each pixel.
  const times = size === 'numOctaves' ? Number(first) : (Number(first) * Number(second)) / 9;
  return filterStep + (pixels / filterPixels) * noise * Math.max(1, times);
}

/** What a tag, or a rule of a style, has drawn apart, and the filters of its style. */
function apartIn(text: string, pixels: number): number {
  const apart = text.match(/[\s"';{](?:mask\s*[=:]|mix-blend-mode\s*:\s*(?!normal))/g)?.length ?? 0;
  const filters = text.match(styledFilter)?.length ?? 0;
  return (apart * pixels) / groupPixels + filters * (filterStep + pixels / filterPixels);
}

/** Adds what the styles of a drawing have its elements refer to, and draw apart. */
function addStyled(
  { references, costs }: Outline,
  svg: string,
  named: Map<string, number[]>,
  pixels: number,
): void {
  for (const rule of stylesIn(svg).join('}').split('}')) {
    const [selector = '', body = ''] = rule.split('{').slice(-2);
    const ids = [...body.matchAll(referral)].map(([, , id]) => id);
    const apart = apartIn(`{${body}`, pixels);
    if (ids.length === 0 && apart === 0) continue;
    const words = /[*:[]/.test(selector) ? ['*'] : (selector.match(/[\w-]+/g) ?? []);
    for (const word of words)
      for (const at of named.get(word) ?? []) {
        costs[at] += apart;
        for (const id of ids) {
          references.push({ at, id, times: 1 });
          checkTotal(references.length);
        }
      }
  }
}

function stylesIn(svg: string): string[] {
  const styles: string[] = [];
  for (let start = svg.indexOf('<style'); start >= 0; ) {
    const end = svg.indexOf('</style', start);
    if (end < 0) break;
    styles.push(svg.slice(svg.indexOf('>', start) + 1, end));
    start = svg.indexOf('<style', end);
  }
  return styles;
}

/** The sign that XML writes by its number; those with a meaning of their own stay. */
function decoded(reference: string, number: string): string {
  const sign = String.fromCodePoint(/^x/i.test(number) ? Number(`0${number}`) : Number(number));
  return /[<>&"']/.test(sign) ? reference : sign;
}

/** What stands between < and > of each tag, comments, declarations and plain text left out. */
function* tagsIn(xml: string): Generator<string> {
  const closings: [opening: string, closing: string][] = [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
    ['<!', '>'],
  ];
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const [, closing] = closings.find(([opening]) => xml.startsWith(opening, at)) ?? [];
    const end = closing === undefined ? endOfTag(xml, at) : xml.indexOf(closing, at + 2);
    if (end < 0) return; // No one draws what ends in the middle.
    if (closing === undefined) yield xml.slice(at + 1, end);
    at = end + 1;
  }
}

/** Where the > of a tag stands, which may hold others in quotes; −1 where it never ends. */
function endOfTag(xml: string, start: number): number {
  const marks = /[>"']/g;
  marks.lastIndex = start;
  for (let mark = marks.exec(xml); mark; mark = marks.exec(xml)) {
    if (mark[0] === '>') return mark.index;
    const close = xml.indexOf(mark[0], mark.index + 1);
    if (close < 0) return -1;
    marks.lastIndex = close + 1;
  }
  return -1;
}
