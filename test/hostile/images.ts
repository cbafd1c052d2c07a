import { gzipSync } from 'fflate';
import { concat, littleEndian, patched, utf8 } from './bytes';
import { beside, goodFiles, type HostileCase } from './case';
import { type ImageName, imageFile, imageNames } from './imageFiles';

/** The good image with another one and its caption. */
function imageCase(name: string, path: string, bytes: Uint8Array<ArrayBuffer>, says?: RegExp): HostileCase {
  return {
    ...beside(`image: ${name}`, path, bytes, { says }),
    files: [...goodFiles, [path, bytes], ['evil.txt', utf8('x')]],
  };
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.'));
}

/** Cut off at many lengths, and with bytes turned over. */
function damaged(name: ImageName): HostileCase[] {
  const whole = imageFile(name);
  const path = `evil${extensionOf(name)}`;
  const cuts = [0.05, 0.2, 0.5, 0.8].map((share) => Math.floor(whole.length * share));
  const flips = [0.02, 0.1, 0.3, 0.6, 0.9].map((share) => Math.floor(whole.length * share));
  return [
    ...cuts.map((length) => imageCase(`${name} cut after ${length} bytes`, path, whole.slice(0, length))),
    ...flips.map((at) =>
      imageCase(`${name} with byte ${at} turned over`, path, patched(whole, at, [whole[at] ^ 0xff])),
    ),
  ];
}

/** Headers that claim 65,535 × 65,535 pixels, or what comes near. */
function huge(): HostileCase[] {
  const png = patched(imageFile('a.png'), 16, [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
  const gif = patched(imageFile('a.gif'), 6, [0xff, 0xff, 0xff, 0xff]);
  const jpeg = imageFile('a.jpg');
  const frame = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
  const header = littleEndian([40, 4], [65_535, 4], [65_535, 4], [1, 2], [24, 2], [0, 8], [0, 8], [0, 8]);
  const bmp = concat(utf8('BM'), littleEndian([54, 4], [0, 4], [54, 4]), header);
  const vector = utf8('<svg xmlns="http://www.w3.org/2000/svg" width="65535" height="65535"/>');
  const large = /too large: 65,535 × 65,535/;
  return [
    imageCase('a huge PNG', 'evil.png', png, large),
    imageCase('a huge GIF', 'evil.gif', gif, large),
    imageCase('a huge JPEG', 'evil.jpg', patched(jpeg, frame + 5, [0xff, 0xff, 0xff, 0xff]), large),
    imageCase('a huge BMP', 'evil.bmp', bmp, large),
    imageCase('a huge SVG', 'evil.svg', vector, large),
    imageCase('a PNG of no pixels', 'evil.png', patched(png, 16, [0, 0, 0, 0, 0, 0, 0, 0]), /evil\.png/),
    imageCase('a JPEG of no pixels', 'evil.jpg', patched(jpeg, frame + 5, [0, 0, 0, 0]), /evil\.jpg/),
  ];
}

function drawings(): HostileCase[] {
  const svg = (inside: string, before = '') =>
    utf8(
      `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="8">${inside}</svg>`,
    );
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    '',
  );
  const circle = Array.from({ length: 20 }, (_, i) => {
    const others = Array.from({ length: 20 }, (_, other) => `<use href="#c${other}"/>`).join('');
    return `<g id="c${i}">${others}</g>`;
  }).join('');
  const filled = (id: string) => `<rect fill="url(#${id})" width="8" height="8"/>`;
  const nest = '<g>'.repeat(20_000) + '</g>'.repeat(20_000);
  const cases: [string, Uint8Array<ArrayBuffer>, RegExp?][] = [
    ['with a script', svg('<script>while (true);</script><rect onload="alert(1)" width="8" height="8"/>')],
    [
      'with outside pictures',
      svg(
        '<image href="http://127.0.0.1:9/x.png" width="8" height="8"/><image href="file:///etc/passwd" width="8" height="8"/>',
      ),
    ],
    [
      'with an outside style',
      svg(
        '<style>@import url("http://127.0.0.1:9/x.css");</style>',
        '<?xml-stylesheet href="http://127.0.0.1:9/y.css"?>',
      ),
    ],
    [
      'with a page in it',
      svg(
        '<foreignObject width="8" height="8"><iframe xmlns="http://www.w3.org/1999/xhtml" src="http://127.0.0.1:9/"/></foreignObject>',
      ),
    ],
    ['that uses itself', svg('<g id="a"><use href="#a"/></g>')],
    [
      'of patterns in patterns',
      svg(
        '<pattern id="a" width="1" height="1"><rect fill="url(#a)" width="8" height="8"/></pattern><rect fill="url(#a)" width="8" height="8"/>',
      ),
    ],
    [
      'of a billion laughs',
      svg('<text>&l10;</text>', `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>`),
      /entities/,
    ],
    [
      'with a drawing in it as data',
      svg(`<image href="data:image/svg+xml;base64,${btoa('<svg/>')}" width="8" height="8"/>`),
      /another drawing packed/,
    ],
    [
      'with a reference in an entity',
      svg('<use href="&a;"/>', '<!DOCTYPE svg [<!ENTITY a "#b">]>'),
      /entities/,
    ],
    [
      'with an outside entity',
      svg('<text>&a;</text>', '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
      /entities/,
    ],
    [
      'with a parameter entity',
      svg('', '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>'),
      /entities/,
    ],
    ['that uses uses of uses', svg(levels(9, 10, 'g', (id) => `<use href="#${id}"/>`)), /500,000 elements/],
    ['of patterns full of patterns', svg(levels(9, 10, 'pattern', filled)), /500,000 elements/],
    ['of 200 levels of uses', svg(levels(200, 1, 'g', (id) => `<use href="#${id}"/>`)), /too many uses/],
    ['that uses itself by many ways', svg(circle), /too many uses/],
    [
      'with a filter of many octaves',
      svg(
        '<filter id="f"><feTurbulence numOctaves="9999999"/></filter><rect filter="url(#f)" width="8" height="8"/>',
      ),
      /filters that are as slow/,
    ],
    ...slowDrawings(),
    [
      'with elements in an entity',
      svg('&a;', `<!DOCTYPE svg [<!ENTITY a "<rect width='8' height='8'/>">]>`),
      /entities/,
    ],
    ['of signs that never end', utf8('<'.repeat(200_000)), /evil\.svg/],
    [
      'of 50 megapixels',
      utf8('<svg xmlns="http://www.w3.org/2000/svg" width="10000" height="5000"/>'),
      /at most 25 megapixels/,
    ],
    ['nested deeply', svg(nest), /evil\.svg/],
    ['cut short', svg('').slice(0, 60), /evil\.svg/],
    ['with attributes that never end', utf8(`<svg ${'a="'.repeat(50_000)}`), /evil\.svg/],
    ['packed', new Uint8Array(gzipSync(svg(''))), /packed with gzip/],
    ['of no size', utf8('<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>')],
    ['of negative size', utf8('<svg xmlns="http://www.w3.org/2000/svg" width="-5" height="1e999"/>')],
    ['that is a page', utf8('<!doctype html><script>alert(1)</script>'), /evil\.svg/],
  ];
  const harmless = ['with a script', 'with outside pictures', 'with an outside style', 'that uses itself'];
  return cases.map(([name, bytes, says]) => ({
    ...imageCase(`SVG ${name}`, 'evil.svg', bytes, says),
    keeps: harmless.includes(name) ? ['good.png', 'evil.svg'] : undefined,
  }));
}

/** At the most pixels that a drawing may have, what is quick at few. */
function slowDrawings(): [string, Uint8Array<ArrayBuffer>, RegExp][] {
  const filtered = (steps: string, style = '') =>
    `${style}<filter id="f">${steps}</filter><circle class="a" r="2500" cx="2500" cy="2500" filter="url(&#x23;f)"/>`;
  const cases: Record<string, string> = {
    'of wide brushes': filtered('<feMorphology operator="dilate" radius="99"/>'),
    'of a large kernel': filtered(`<feConvolveMatrix order="99" kernelMatrix="${'1 '.repeat(99 * 99)}"/>`),
    'blurred again and again': filtered('<feGaussianBlur stdDeviation="50"/>'.repeat(20)),
    'with a thousand filters': `<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>${'<rect filter="url(#f)" width="8" height="8"/>'.repeat(999)}`,
    'filtered by a style': `<style>.a:hover, .a { filter: url(#f) }</style><filter id="f"><feGaussianBlur stdDeviation="9"/></filter>${'<rect class="a" width="5000" height="5000"/>'.repeat(100)}`,
    'of markers full of elements': `<marker id="m">${'<path d="M0 0L9 9L0 9"/>'.repeat(1000)}</marker><path marker-mid="url(#m)" d="M0 0${'L9 9L0 0'.repeat(1000)}"/>`,
    'blended again and again': '<rect style="mix-blend-mode: multiply" width="5000" height="5000"/>'.repeat(
      99,
    ),
    'masked again and again': `<mask id="m"><circle r="2500"/></mask>${'<rect mask="url(#m)" width="5000" height="5000"/>'.repeat(99)}`,
    'blurred by a style': `<style>rect { filter: blur(99px) blur(99px) }</style>${'<rect width="5000" height="5000"/>'.repeat(9)}`,
    'with shadows of text': `<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">${'<b style="box-shadow: 0 0 999px red">a</b>'.repeat(99)}</p></foreignObject>`,
    'transparent in transparent': `${'<g opacity=".5">'.repeat(200)}<rect width="5000" height="5000"/>${'</g>'.repeat(200)}`,
  };
  return Object.entries(cases).map(([name, inside]) => [
    name,
    utf8(`<svg xmlns="http://www.w3.org/2000/svg" width="5000" height="5000">${inside}</svg>`),
    /500,000 elements, or filters that are as slow/,
  ]);
}

/** Parts of which each refers so many times to the one before it. */
function levels(depth: number, times: number, part: string, refer: (id: string) => string): string {
  const all = Array.from({ length: depth }, (_, i) => {
    return `<${part} id="p${i + 1}" width="1" height="1">${refer(`p${i}`).repeat(times)}</${part}>`;
  });
  return `<g id="p0"><rect width="8" height="8"/></g>${all.reverse().join('')}${refer(`p${depth}`)}`;
}

/** Unusual images that are none the less right, and things that are no images at all. */
function odd(): HostileCase[] {
  const right = (name: string, path: string, bytes: Uint8Array<ArrayBuffer>): HostileCase => ({
    ...imageCase(name, path, bytes),
    keeps: ['good.png', path],
  });
  const wrong = (name: string, path: string, bytes: Uint8Array<ArrayBuffer>) =>
    imageCase(name, path, bytes, /evil/);
  return [
    right('a JPEG that is called PNG', 'evil.png', imageFile('a.jpg')),
    right('a PNG that is called JPEG', 'evil.jpg', imageFile('a.png')),
    right('a WebP that is called SVG', 'evil.svg', imageFile('a.webp')),
    right('print colours', 'evil.jpg', imageFile('cmyk.jpg')),
    right('16 bits', 'evil.png', imageFile('sixteen.png')),
    right('an animated GIF', 'evil.gif', imageFile('animated.gif')),
    right('an animated WebP', 'evil.webp', imageFile('animated.webp')),
    right('something behind the end', 'evil.png', concat(imageFile('a.png'), utf8('<script>'.repeat(99)))),
    wrong('an empty file', 'evil.png', new Uint8Array()),
    wrong('a text', 'evil.png', utf8('I am a text')),
    wrong('a page', 'evil.jpg', utf8('<html><body>404 Not Found</body></html>')),
    wrong('zeros', 'evil.webp', new Uint8Array(10_000)),
    wrong('a PNG of nothing but its name', 'evil.png', imageFile('a.png').slice(0, 8)),
    wrong('a program', 'evil.gif', utf8('MZ\x90\0')),
    wrong('a zip', 'evil.png', utf8('PK\x03\x04rest')),
    wrong('a PDF', 'evil.png', utf8('%PDF-1.7\n%%EOF')),
    wrong(
      'a file of LFS',
      'evil.jpg',
      utf8('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
    ),
  ];
}

export function hostileImages(): HostileCase[] {
  const kinds = imageNames.filter((name) => name !== 'good.png');
  return [...kinds.flatMap(damaged), ...huge(), ...drawings(), ...odd()];
}
