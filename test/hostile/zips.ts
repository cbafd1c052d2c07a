import { deflateSync, zipSync } from 'fflate';
import { concat, indexOf, littleEndian, patched, utf8 } from './bytes';
import { beside, goodCaption, goodImage, type HostileCase } from './case';

/** A file in a zip, with what its directory says of it where that is not the truth. */
interface ZipPart {
  path: string | Uint8Array;
  data?: Uint8Array;
  flags?: number;
  method?: number;
  crc?: number;
  size?: number;
  compressedSize?: number;
  offset?: number;
  extra?: Uint8Array;
  attributes?: number;
  /** The file itself is left out, only the directory has it. */
  isAbsent?: boolean;
}

interface ZipEnd {
  entries?: number;
  size?: number;
  offset?: number;
  comment?: Uint8Array;
  commentLength?: number;
  /** A zip64 end record that says so much for the directory's size and offset. */
  zip64?: { size: number; offset: number; at?: number };
}

/** A zip as its parts say, true or not. Checksums are zero. */
export function zipOf(parts: ZipPart[], end: ZipEnd = {}): Uint8Array<ArrayBuffer> {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const part of parts) {
    const path = typeof part.path === 'string' ? utf8(part.path) : part.path;
    const { data = new Uint8Array(), method = 8, flags = 0x800, crc = 0, extra = new Uint8Array() } = part;
    const packed = method === 8 ? deflateSync(data) : data;
    const { size = data.length, compressedSize = packed.length, offset = at, attributes = 0 } = part;
    const common = littleEndian([flags, 2], [method, 2], [0, 4], [crc, 4], [compressedSize, 4], [size, 4]);
    if (!part.isAbsent) {
      const header = [littleEndian([0x04034b50, 4], [20, 2]), common, littleEndian([path.length, 2], [0, 2])];
      const file = concat(...header, path, packed);
      files.push(file);
      at += file.length;
    }
    const lengths = littleEndian(
      [path.length, 2],
      [extra.length, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [attributes, 4],
    );
    const begin = littleEndian([0x02014b50, 4], [0x031e, 2], [20, 2]);
    directory.push(begin, common, lengths, littleEndian([offset, 4]), path, extra);
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const { comment = new Uint8Array(), entries = parts.length, zip64 } = end;
  const wide = zip64
    ? concat(
        littleEndian([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [entries, 8], [entries, 8]),
        littleEndian([zip64.size, 8], [zip64.offset, 8]),
        littleEndian([0x07064b50, 4], [0, 4], [zip64.at ?? at + size, 8], [1, 4]),
      )
    : new Uint8Array();
  const last = concat(
    littleEndian([0x06054b50, 4], [0, 2], [0, 2], [entries, 2], [entries, 2]),
    littleEndian([end.size ?? size, 4], [end.offset ?? at, 4], [end.commentLength ?? comment.length, 2]),
  );
  return concat(...files, ...directory, wide, last, comment);
}

const good: ZipPart[] = [
  { path: 'in.png', data: goodImage },
  { path: 'in.txt', data: utf8(goodCaption) },
  { path: 'evil.txt', data: utf8('what evil shows') },
];
const kept = ['good.png', 'x/in.png'];
const link = 0xa1ff0000;

/** A good image in a zip with these parts before it. */
function withParts(name: string, parts: ZipPart[], says?: RegExp): HostileCase {
  return beside(`zip: ${name}`, 'x.zip', zipOf([...parts, ...good]), { keeps: kept, says });
}

function badNames(): HostileCase[] {
  const data = goodImage;
  const names: [string, RegExp?][] = [
    ['../up.png', /leads out/],
    ['a/../../up.png', /leads out/],
    ['..\\up.png', /leads out/],
    ['/etc/passwd.png', /leads out/],
    ['\\\\server\\share\\a.png', /leads out/],
    ['C:\\Windows\\a.png', /leads out/],
    ['c:a.png', /leads out/],
    ['', /no name/],
    ['.', /no name/],
    ['./', undefined],
    ['//', undefined],
    ['a//b///c.png'],
    ['a/./b.png'],
    [`${'long/'.repeat(2000)}name.png`],
    [`${'n'.repeat(60_000)}.png`],
    ['\0.png'],
    ['a\0b.png'],
    ['line\nbreak\r.png'],
    ['\u202egnp.exe.png'],
    ['__proto__'],
    ['constructor/prototype.png'],
    ['CON.png'],
    ['aux/nul.png'],
    ['trailing. . .png '],
    ['💥/😺.png'],
  ];
  return names.map(([path, says]) =>
    withParts(`named ${JSON.stringify(path.slice(0, 30))}`, [{ path, data }], says),
  );
}

function lies(): HostileCase[] {
  const data = goodImage;
  const zeros = new Uint8Array(2 ** 20);
  const path = 'evil.png';
  const wide = (...values: number[]) =>
    concat(littleEndian([1, 2], [values.length * 8, 2]), ...values.map((value) => littleEndian([value, 8])));
  const all = 0xffffffff;
  return [
    withParts('a bomb', [{ path, data: zeros }], /not an image/),
    withParts('a bomb that says so', [{ path, data: zeros, size: 2 ** 28 }], /impossible/),
    withParts('a bomb of gigabytes', [{ path, data: zeros, size: 2 ** 31 }], /over 1 GB/),
    withParts(
      'a well packed bomb',
      [{ path, data: zeros, size: 2 ** 27, compressedSize: 2 ** 18 }],
      /overlaps|bombs/,
    ),
    withParts('said too small', [{ path, data, size: 10 }], /evil\.png/),
    withParts('said too large', [{ path, data, size: 200 }], /damaged/),
    withParts('said to be empty', [{ path, data, size: 0 }], /evil\.png/),
    withParts('packed size too small', [{ path, data, compressedSize: 20 }], /damaged/),
    withParts('packed size too large', [{ path, data, compressedSize: 10_000 }], /overlaps/),
    withParts('packed size of gigabytes', [{ path, data, compressedSize: 2 ** 32 - 2 }], /overlaps/),
    withParts('a wrong checksum', [{ path, data, crc: 0xdeadbeef }]),
    withParts('encrypted', [{ path, data, flags: 1 }], /encrypted/),
    withParts('strongly encrypted', [{ path, data, flags: 0x41 }], /encrypted/),
    withParts('a link', [{ path, data: utf8('/etc/passwd'), attributes: link }], /link/),
    withParts('an offset behind the end', [{ path, offset: 2 ** 31, isAbsent: true }], /damaged|ends/),
    withParts(
      'an offset into another file',
      [{ path, offset: 7, isAbsent: true, method: 0, size: 9 }],
      /overlaps/,
    ),
    withParts('damaged data', [{ path, data: utf8('no deflate at all'), method: 0 }], /not an image/),
    ...[1, 6, 9, 12, 14, 93, 95, 98, 99, 65535].map((method) =>
      withParts(`method ${method}`, [{ path, data, method }], /is not known/),
    ),
    withParts(
      'zip64 sizes that lie',
      [{ path, data, size: all, compressedSize: all, extra: wide(2 ** 52, 2 ** 52) }],
      /evil/,
    ),
    withParts('zip64 sizes that are missing', [{ path, data, size: all, compressedSize: all }], /evil/),
    withParts('zip64 sizes cut short', [{ path, data, size: all, extra: wide(9).slice(0, 7) }], /evil/),
    withParts('an extra field that is too long', [{ path, data, extra: littleEndian([1, 2], [60_000, 2]) }]),
    withParts(
      'twice the same file',
      [
        { path, data },
        { path, data },
      ],
      /twice/,
    ),
    withParts(
      'many of the same bytes',
      Array.from({ length: 99 }, (_, i) => ({ path: `${i}.png`, data, offset: 0, isAbsent: i > 0 })),
      /overlaps/,
    ),
    withParts('a file as folder too', [
      { path: 'evil', data },
      { path: 'evil/a.png', data },
    ]),
    withParts('names in no encoding', [
      { path: new Uint8Array([0xff, 0xfe, 0x80, 0x2e, 0x70, 0x6e, 0x67]), data },
    ]),
  ];
}

function ends(): HostileCase[] {
  const whole = zipOf(good);
  const broken = (
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    says: RegExp | undefined = /not a whole zip/,
  ) => beside(`zip: ${name}`, 'x.zip', bytes, { says });
  const cuts = [0, 1, 4, 21, 30, 60, 100, 150, 200, 250].map((length) => {
    return broken(`cut after ${length} bytes`, whole.slice(0, length));
  });
  return [
    ...cuts,
    broken('cut by a byte', whole.slice(0, -1)),
    broken('without its beginning', whole.slice(40)),
    broken('no zip but a text', utf8('PK is what zips begin with')),
    broken('a directory of gigabytes', zipOf(good, { size: 2 ** 31 })),
    broken('a directory behind the end', zipOf(good, { offset: 2 ** 31 })),
    broken('a directory cut short', zipOf(good, { size: 50 })),
    broken('a zip64 directory nowhere', zipOf(good, { zip64: { size: 2 ** 50, offset: 2 ** 51 } })),
    broken('a zip64 end nowhere', zipOf(good, { zip64: { size: 99, offset: 0, at: 2 ** 52 } })),
    broken('a zip64 end that is itself', zipOf(good, { zip64: { size: 0, offset: 0, at: 0 } })),
    broken('damaged directory', patched(whole, indexOf(whole, 'PK\x01\x02'), [0, 0])),
    beside('zip: wrong number of entries', 'x.zip', zipOf(good, { entries: 9999 }), { keeps: kept }),
    beside('zip: a comment with an end in it', 'x.zip', zipOf(good, { comment: zipOf([]).slice(0, 12) }), {
      keeps: kept,
    }),
    beside('zip: a comment that is an empty zip', 'x.zip', zipOf(good, { comment: zipOf([]) })),
    beside('zip: a comment that is longer', 'x.zip', zipOf(good, { commentLength: 999 }), { keeps: kept }),
    beside('zip: behind a program', 'x.zip', concat(utf8('#!/bin/sh\n'.repeat(99)), whole), { keeps: kept }),
  ];
}

/** A zip in a zip in a zip …. */
function nested(depth: number): Uint8Array<ArrayBuffer> {
  const inner = depth === 0 ? goodImage : nested(depth - 1);
  return new Uint8Array(zipSync({ [depth === 0 ? 'in.png' : 'x.zip']: inner }));
}

/** Zips in a zip that claim to unpack to as much as one may, two gigabytes together. */
function largeZips(): ZipPart[] {
  let random = 1;
  const data = Uint8Array.from({ length: 80_000 }, () => {
    random = (random * 48_271) % (2 ** 31 - 1);
    return random;
  });
  return Array.from({ length: 33 }, (_, i) => ({ path: `${i}.zip`, data, size: 2 ** 26 }));
}

export function hostileZips(): HostileCase[] {
  return [
    ...badNames(),
    ...lies(),
    ...ends(),
    beside('zip: of large zips', 'x.zip', zipOf(largeZips()), { says: /over 2 GB when unpacked/ }),
    beside('zip: nested too deep', 'x.zip', nested(6), { says: /too deep/ }),
    beside('zip: empty', 'x.zip', zipOf([])),
  ];
}
