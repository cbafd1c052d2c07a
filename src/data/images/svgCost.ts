/** As many elements as librsvg draws at most, those counted again and again that are used so. */
const mostElements = 500_000;
/** What a step of a filter counts as, since it goes over all pixels. */
const filterStep = 10_000;
/** Uses of what uses something else, and so on. */
const mostDepth = 100;
/** Parts that use themselves, by way of others too: in each of many orders, another one is left out. */
const mostCircles = 10;
/** Sizes of a filter's step that make it slow beyond all use. */
const heavyStep = /\b(numOctaves|order|radius)\s*=\s*["'][^"']*\d{3}/;

/** A part of the drawing that others may refer to: its elements, from `start` to before `end` in their order. */
interface Part {
  start: number;
  end: number;
  drawn?: number;
  isOpen?: boolean;
}

/**
 * Refuses a drawing of a few lines that would keep whoever draws it busy for hours: parts that use parts that use
 * parts, and heavy filters. Throws an Error whose message is the reason. Takes a time that grows with its length alone.
 */
export function checkSvgCost(svg: string): void {
  const { costs, parts, references } = outline(svg);
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
      if (other) total += drawn(other, depth + 1);
      checkTotal(total);
    }
    part.isOpen = false;
    part.drawn = total;
    return total;
  }
  checkTotal(drawn({ start: 0, end: costs.length }, 0));
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

/** A drawing's elements in their order: what each costs, which parts have names, who refers to whom. */
function outline(svg: string) {
  const costs: number[] = [];
  const parts = new Map<string, Part>();
  const references: { at: number; id: string }[] = [];
  const open: (Part | undefined)[] = [];
  for (const tag of tagsIn(svg)) {
    if (tag.startsWith('/')) {
      const part = open.pop();
      if (part) part.end = costs.length;
      continue;
    }
    const at = costs.length;
    const isFilterStep = /^([\w-]+:)?fe[A-Z]/.test(tag);
    if (isFilterStep && heavyStep.test(tag))
      throw new Error('its filters are too slow to draw; save it as PNG');
    costs.push(isFilterStep ? filterStep : 1);
    for (const [, id] of tag.matchAll(/(?:href\s*=\s*["']#|url\(\s*["']?#)([^"')\s]+)/g))
      references.push({ at, id });
    const [, id] = /\sid\s*=\s*["']([^"']*)/.exec(tag) ?? [];
    const part = id === undefined ? undefined : { start: at, end: at + 1 };
    if (id !== undefined && part) parts.set(id, part);
    if (!tag.endsWith('/')) open.push(part);
  }
  return { costs, parts, references };
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
