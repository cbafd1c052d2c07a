/** What may be said of an image, the clearest first: the description, the title, or else the keywords. */
const elements = ['dc:description', 'dc:title', 'dc:subject'];

/**
 * The caption in a file of XMP, which Lightroom, darktable, digiKam and Apple's Photos write beside images (ISO 16684-1,
 * Dublin Core's elements).
 */
export async function textsOfXmp(xml: string): Promise<string[]> {
  const { Parser } = await import('htmlparser2');
  const found = new Map<string, string[]>();
  const open: string[] = [];
  let text = '';
  const parser = new Parser(
    {
      onopentag: (name) => {
        open.push(name);
        text = '';
      },
      ontext: (part) => {
        text += part;
      },
      onclosetag: (name) => {
        open.pop();
        if (name !== 'rdf:li' || text.trim() === '') return;
        const element = open.findLast((one) => elements.includes(one));
        if (!element) return;
        const texts = found.get(element) ?? [];
        found.set(element, texts);
        texts.push(text.trim());
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  const element = elements.find((name) => found.has(name)) ?? '';
  const texts = found.get(element) ?? [];
  return element === 'dc:subject' ? [texts.join(', ')] : texts.slice(0, 1);
}
