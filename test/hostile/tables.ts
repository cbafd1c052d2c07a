import { concat, utf8 } from './bytes';
import { beside, goodImage, type HostileCase } from './case';

const goodRow = 'table.png,a picture of a table';

function tableCase(title: string, path: string, bytes: Uint8Array<ArrayBuffer>, says?: RegExp): HostileCase {
  return {
    name: `table: ${title}`,
    files: [
      ['table.png', goodImage],
      [path, bytes],
    ],
    keeps: ['table.png'],
    says,
  };
}

function csv(title: string, text: string, says?: RegExp): HostileCase {
  return tableCase(title, 'metadata.csv', utf8(text), says);
}

function jsonl(title: string, line: string, says?: RegExp): HostileCase {
  const goodLine = JSON.stringify({ file_name: 'table.png', text: 'a picture of a table' });
  return tableCase(title, 'metadata.jsonl', utf8(`${line}\n${goodLine}\n`), says);
}

function utf16(text: string, isBig = false): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), !isBig);
  return new Uint8Array(view.buffer);
}

function csvs(): HostileCase[] {
  const head = 'file_name,text\n';
  const rows: [string, string, RegExp?][] = [
    ['a row too short', 'x.png', /only 1 of 2/],
    ['a row too long', 'x.png,a,b,c,d,e', /not there/],
    ['an empty row', '\n\n\n'],
    ['a row of commas', ',,,,,,,'],
    ['a quote in the middle', 'x.png,a "quoted" word'],
    ['a quote that is not closed', 'x.png,"a quote', /quote/],
    ['fifty quotes that are not closed', 'x.png,"a quote\n'.repeat(50), /quote/],
    ['a quote behind a quote', 'x.png,"a"b', /row 2|quote/],
    ['a NUL byte', 'x\0.png,a\0b', /not there/],
    ['a path that leads out', '../../etc/passwd,x', /not there/],
    ['an absolute path', '/etc/passwd,x', /not there/],
    ['an address', 'https://example.org/x.png,x', /not there/],
    ['a script address', 'javascript:alert(1),x', /not there/],
    ['a formula', '=cmd|/c calc!A1,"=HYPERLINK(""http://example.org"")"', /not there/],
    ['__proto__', '__proto__,__proto__', /not there/],
    ['constructor', 'constructor,constructor', /not there/],
    ['a huge cell', `x.png,${'x'.repeat(2_000_000)}`, /over a million letters/],
    ['a huge name', `${'x'.repeat(100_000)}.png,x`, /not there/],
    ['ten thousand cells', ','.repeat(10_000)],
    ['old line ends', 'x.png,a\ry.png,b\r', /3 cells/],
    ['no text', 'x.png,', /no text|not there/],
    ['only a name', 'table.png', /only 1 of 2/],
    ['the good row twice', goodRow],
  ];
  return [
    ...rows.map(([title, row, says]) => csv(title, `${head}${row}\n${goodRow}\n`, says)),
    csv('a column __proto__', `file_name,text,__proto__,constructor\n${goodRow},a,b\n`),
    csv('the same column twice', 'file_name,text,text\ntable.png,a picture of a table,b\n'),
    csv('columns without names', 'file_name,text,,\ntable.png,a picture of a table,,\n'),
    csv('blanks around names', ' file_name , text \n table.png , a picture of a table \n'),
    csv('a byte order mark', `\ufeff${head}${goodRow}\n`),
    csv('two byte order marks', `\ufeff\ufeff${head}${goodRow}\n`),
    csv('semicolons', 'file_name;text\ntable.png;a picture of a table\n'),
    csv(
      'ten thousand columns',
      `file_name,text${Array.from({ length: 10_000 }, (_, i) => `,c${i}`).join('')}\n${goodRow}${','.repeat(10_000)}\n`,
    ),
    {
      ...csv('twenty million rows of nothing', head + '\n'.repeat(20_000_000)),
      refused: /metadata\.csv.*16 million cells/,
    },
    {
      ...csv('fifty thousand rows of quotes in quotes', head + 'x.png,"a "quote" b\n'.repeat(50_000)),
      refused: /metadata\.csv.*quote/,
    },
    csv('ten thousand rows of nothing', `${head}${'gone.png,x\n'.repeat(10_000)}${goodRow}\n`, /not there/),
    tableCase('UTF-16', 'metadata.csv', concat(new Uint8Array([0xff, 0xfe]), utf16(head + goodRow))),
    tableCase(
      'UTF-16, big end first',
      'metadata.csv',
      concat(new Uint8Array([0xfe, 0xff]), utf16(head + goodRow, true)),
    ),
    tableCase('UTF-16 without a mark', 'metadata.csv', utf16(head + goodRow)),
    tableCase(
      'UTF-16 cut in a letter',
      'metadata.csv',
      concat(utf16(`\ufeff${head}${goodRow}\n`), new Uint8Array([65])),
    ),
    tableCase(
      'bytes of no encoding',
      'metadata.csv',
      concat(utf8(head), new Uint8Array([0xff, 0xc0, 0x80, 44, 0xfe, 10]), utf8(goodRow)),
      /row 2|not there/,
    ),
    tableCase('tabs', 'metadata.tsv', utf8('file_name\ttext\ntable.png\ta picture of a table\n')),
  ];
}

function jsonls(): HostileCase[] {
  const lines: [string, string, RegExp?][] = [
    ['a broken line', '{"file_name": "x.png", "te', /no JSON/],
    ['a list', '["x.png", "a"]', /no JSON object/],
    ['a number', '17', /no JSON object/],
    ['null', 'null', /no JSON object/],
    ['a text', '"x.png"', /no JSON object/],
    ['an empty object', '{}', /names no image/],
    ['__proto__', '{"__proto__": {"file_name": "table.png"}, "constructor": 1}', /names no image/],
    ['objects as values', '{"file_name": {"a": 1}, "text": {"b": 2}}', /names no image/],
    ['numbers as values', '{"file_name": 7, "text": 8}', /not there/],
    ['null as values', '{"file_name": null, "text": null}', /names no image/],
    ['a list of everything', '{"file_name": "x.png", "text": [1, null, {}, []]}', /not there/],
    ['a number too large', '{"file_name": "x.png", "text": 1e999}', /not there/],
    ['a lone surrogate', '{"file_name": "x.png", "text": "\\ud800"}', /not there/],
    ['a NUL', '{"file_name": "x.png", "text": "\\u0000"}', /not there/],
    ['deep nesting', `{"file_name": "x.png", "text": ${'['.repeat(5000)}${']'.repeat(5000)}}`, /metadata/],
    ['a comment', '// file_name, text', /no JSON/],
  ];
  return lines.map(([title, line, says]) => jsonl(`JSONL, ${title}`, line, says));
}

function sidecars(): HostileCase[] {
  const captions: [string, string][] = [
    ['of 100,000 letters', 'x'.repeat(100_000)],
    ['of 100,000 words', 'word '.repeat(100_000)],
    ['of 10,000 lines', 'a line\n'.repeat(10_000)],
    ['of emoji', '👩‍👩‍👧‍👦🏳️‍🌈😺'],
    ['from right to left', 'قطة نائمة على السرير'],
    ['with overrides of direction', '\u202e\u2066drow neddih'],
    ['with combining marks', `Z${'\u0301'.repeat(5000)}`],
    ['with control characters', '\x01\x02\x1b[31mred'],
    ['of markup', '<img src=x onerror=alert(1)>{{7*7}}'],
    ['of a template', 'a photo of a {} $& $1'],
  ];
  return [
    ...captions.map(([title, text]) => ({
      name: `caption ${title}`,
      files: [...beside('', 'a.png', goodImage).files, ['a.txt', utf8(text)]] as HostileCase['files'],
      keeps: ['good.png', 'a.png'],
    })),
    beside('caption: no text but bytes', 'a.txt', new Uint8Array(1000).fill(0xff), {
      says: /no image of its name/,
    }),
    {
      name: 'caption: JSON that is broken',
      files: [
        ...beside('', 'a.png', goodImage).files,
        ['a.json', utf8('{"caption": ')],
      ] as HostileCase['files'],
      says: /a\.json/,
    },
    {
      name: 'caption: JSON without one',
      files: [
        ...beside('', 'a.png', goodImage).files,
        ['a.json', utf8('{"__proto__": {"caption": "x"}}')],
      ] as HostileCase['files'],
      says: /no caption/,
    },
    {
      name: 'caption: an empty file',
      files: [
        ...beside('', 'a.png', goodImage).files,
        ['a.txt', utf8('\ufeff \r\n\t')],
      ] as HostileCase['files'],
      says: /empty/,
    },
  ];
}

/** Lists as research data has them, broken, beside an image with a caption of its own. */
function lists(): HostileCase[] {
  const ignored: [string, string][] = [
    ['captions.json', '{"images": [{"id": 1, "file_name"'],
    ['captions.json', '{"images": null, "annotations": 7}'],
    ['captions.json', '[null, 1, "x", [], {"__proto__": 1}]'],
    ['captions.json', '['.repeat(100_000)],
    ['captions.json', '{"images": [], "annotations": []}'],
    ['instances.json', '{"images": [{"id": 1, "file_name": "good.png"}], "annotations": [{"image_id": 1}]}'],
    ['split_zhou_OxfordPets.json', '{"train": [], "val": [], "test": []}'],
    ['Flickr8k.token.txt', 'x.png#zero\tno number\n#\t\n\0'],
    ['results.csv', 'image_name| comment_number| comment\nx.png| | \n'],
    ['classnames.txt', 'n00000001\nn00000002 a name\n'],
    ['variants.txt', '\0\0\0'],
    ['good.xml', '<a>'.repeat(50_000)],
    ['train.parquet', 'PAR1 and no more'],
    ['dataset_infos.json', '{"default": {"features": {"label": {"names": [1, null]}}}}'],
  ];
  const wrong: [string, string, RegExp][] = [
    ['split_zhou_DescribableTextures.json', '{"train": [["x.png", -1', /is no split file/],
  ];
  return [
    ...ignored.map(([path, text], i) => beside(`list ${i}: ${path}`, path, utf8(text))),
    ...wrong.map(([path, text, refused]) => ({
      ...beside(`wrong list: ${path}`, path, utf8(text)),
      refused,
    })),
  ];
}

export function hostileTables(): HostileCase[] {
  return [...csvs(), ...jsonls(), ...sidecars(), ...lists()];
}
