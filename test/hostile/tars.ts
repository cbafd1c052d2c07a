import { gzipSync } from 'fflate';
import { concat, patched, utf8 } from './bytes';
import { beside, goodCaption, goodImage, type HostileCase } from './case';

const blockBytes = 512;

/** A file in a tar, with what its header says of it where that is not the truth. */
interface TarPart {
  name: string;
  data?: Uint8Array;
  type?: string;
  /** The twelve bytes of the size field. */
  size?: Uint8Array;
  checksum?: string;
  prefix?: string;
}

export function tarOf(...parts: TarPart[]): Uint8Array<ArrayBuffer> {
  return concat(...parts.map(tarFile), new Uint8Array(2 * blockBytes));
}

function tarFile({ name, data = new Uint8Array(), type = '0', size, checksum, prefix = '' }: TarPart) {
  const header = new Uint8Array(blockBytes);
  header.set(utf8(name).slice(0, 100), 0);
  header.set(utf8('0000644\0'), 100);
  header.set(size ?? octal(data.length), 124);
  header.set(utf8('        '), 148);
  header.set(utf8(type), 156);
  header.set(utf8('ustar\x0000'), 257);
  header.set(utf8(prefix).slice(0, 155), 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(utf8(checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return concat(header, data, new Uint8Array((blockBytes - (data.length % blockBytes)) % blockBytes));
}

function octal(value: number): Uint8Array {
  return utf8(`${value.toString(8).padStart(11, '0')}\0`);
}

function pax(records: string, type = 'x'): TarPart {
  return { name: 'PaxHeader', type, data: utf8(records) };
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = utf8(rest).length;
  const digits = String(length + String(length).length).length;
  return `${length + digits}${rest}`;
}

const good: TarPart[] = [
  { name: 'in.png', data: goodImage },
  { name: 'in.txt', data: utf8(goodCaption) },
];
const kept = ['good.png', 'x/in.png'];
const data = goodImage;
const name = 'evil.png';

/** A tar with these parts before a good image. */
function withParts(title: string, parts: TarPart[], says?: RegExp, keeps = kept): HostileCase {
  return beside(`tar: ${title}`, 'x.tar', tarOf(...parts, ...good), { keeps, says });
}

function lies(): HostileCase[] {
  const lost = ['good.png'];
  return [
    withParts('a wrong checksum', [{ name, data, checksum: '000000\0 ' }], /damaged after 0 files/),
    withParts(
      'a wrong checksum later',
      [
        { name: 'a.png', data },
        { name, data, checksum: '1234567 ' },
      ],
      /damaged after 1 files/,
    ),
    withParts(
      'a size in no digits',
      [
        { name: 'a.png', data },
        { name, data, size: utf8('99999999999\0') },
      ],
      /damaged/,
    ),
    withParts(
      'a negative size',
      [
        { name: 'a.png', data },
        { name, data, size: new Uint8Array(12).fill(255) },
      ],
      /damaged/,
    ),
    withParts(
      'a size of exabytes',
      [
        { name: 'a.png', data },
        { name, data, size: patched(new Uint8Array(12).fill(255), 0, [0x80]) },
      ],
      /damaged/,
    ),
    withParts(
      'a size of terabytes',
      [{ name, data, size: patched(new Uint8Array(12), 0, [0x80, 0, 0, 0, 0, 0, 9]) }],
      /ends in the middle/,
    ),
    withParts('a small size in base 256', [
      {
        name: 'b.png',
        data,
        size: patched(new Uint8Array(12), 0, [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, data.length]),
      },
    ]),
    withParts('a size beyond the end', [{ name, data, size: octal(10 ** 9) }], /ends in the middle/),
    withParts('a link', [{ name, type: '2' }], /link/),
    withParts('a hard link', [{ name, type: '1' }], /link/),
    ...['3', '4', '6', 'A', 'Z', 'é'].map((type) =>
      withParts(`type ${type}`, [{ name, type }], /device|type|damaged/, type === 'é' ? lost : kept),
    ),
    withParts('a sparse file', [{ name, data, type: 'S' }], /sparse/),
    withParts('a sparse file of pax', [pax(record('GNU.sparse.major', '1')), { name, data }], /sparse/),
    withParts('a folder of no type', [{ name: 'folder/', data: new Uint8Array() }]),
    withParts('a folder', [{ name: 'folder', type: '5' }]),
    withParts(
      'twice the same file',
      [
        { name, data },
        { name, data },
      ],
      /twice/,
    ),
  ];
}

function headers(): HostileCase[] {
  const next: TarPart = { name: 'next.png', data };
  return [
    withParts('a pax size that lies', [pax(record('size', '999999999999')), next], /ends in the middle/, [
      'good.png',
    ]),
    withParts('a pax size that is none', [pax(record('size', '-5')), next]),
    withParts('a pax size that is a word', [pax(record('size', 'many')), next]),
    withParts('a pax record of no length', [pax('path=a\n'), next]),
    withParts('a pax record too long', [pax('99999 path=a\n'), next]),
    withParts('a pax record of length 0', [pax('0 path=a\n'), next]),
    withParts('a pax record of negative length', [pax('-5 path=a\n'), next]),
    withParts('an empty pax path', [pax(record('path', '')), next], /no name/),
    withParts('a pax path that leads out', [pax(record('path', '../../up.png')), next], /leads out/),
    withParts('a pax path with lines', [pax(record('path', 'a\nb.png')), next]),
    withParts('a pax path of __proto__', [pax(record('path', '__proto__')), next]),
    withParts('a global header that lies', [pax(record('path', 'all.png') + record('size', '7'), 'g'), next]),
    withParts(
      'pax headers after each other',
      Array.from({ length: 50 }, () => pax(record('comment', 'x'))),
      undefined,
    ),
    withParts('a GNU long name', [{ name: 'L', type: 'L', data: utf8(`${'ü/'.repeat(300)}a.png\0`) }, next]),
    withParts(
      'a GNU long name of megabytes',
      [{ name: 'a.png', data }, { name: 'L', type: 'L', size: octal(2 ** 30) }, next],
      /damaged after 1 files/,
    ),
    withParts('a GNU long link', [{ name: 'K', type: 'K', data: utf8('/etc/passwd\0') }, next]),
    withParts('an absolute path', [{ name: '/etc/x.png', data }], /leads out/),
    withParts('a path that leads out', [{ name: 'a/../../x.png', data }], /leads out/),
    withParts('a prefix that leads out', [{ name: 'x.png', prefix: '../..', data }], /leads out/),
    withParts('no name', [{ name: '', data }], /no name/),
  ];
}

function holes(): HostileCase[] {
  const whole = tarOf({ name: 'a.txt', data: utf8('a') }, { name: 'a.png', data }, ...good);
  const broken = (title: string, bytes: Uint8Array<ArrayBuffer>, says?: RegExp, keeps?: string[]) =>
    beside(`tar: ${title}`, 'x.tar', bytes, { says, keeps });
  const cuts = [0, 1, 100, 511, 512, 550, 1024, 1100, 1536, 1600, 2050, 2600].map((length) =>
    broken(`cut after ${length} bytes`, whole.slice(0, length)),
  );
  return [
    ...cuts,
    broken('a hole of zeros', patched(whole, 1536, new Uint8Array(512)), /a\.png/, kept),
    broken('a header of zeros', patched(whole, 1024, new Uint8Array(512)), /damaged/, kept),
    broken(
      'garbage between files',
      concat(whole.slice(0, 1024), new Uint8Array(1024).fill(77), whole.slice(1024)),
      /damaged/,
      kept,
    ),
    broken(
      'zeros between files',
      concat(whole.slice(0, 1024), new Uint8Array(4096), whole.slice(1024)),
      undefined,
      kept,
    ),
    broken('without its end', whole.slice(0, -1024), undefined, kept),
    broken('nothing but zeros', new Uint8Array(10_240), /not a tar/),
    broken('a text', utf8('I am no tar. '.repeat(99)), /not a tar/),
    broken('another file behind it', concat(whole, utf8('rubbish'.repeat(999))), /damaged/, kept),
  ];
}

function gzips(): HostileCase[] {
  const whole = gzipSync(tarOf(...good));
  const packed = (
    title: string,
    bytes: Uint8Array,
    says: RegExp | undefined = /not a whole gzip/,
    keeps?: string[],
  ) => beside(`gz: ${title}`, 'x.tar.gz', new Uint8Array(bytes), { says, keeps });
  return [
    ...[0, 1, 2, 9, 10, 50, 100].map((length) =>
      packed(`cut after ${length} bytes`, whole.slice(0, length), /not a (whole gzip|tar)/),
    ),
    packed('cut by a byte', whole.slice(0, -1)),
    packed('a wrong checksum', patched(whole, whole.length - 8, [1, 2, 3, 4])),
    packed('damaged in the middle', patched(whole, 60, [255, 255, 255, 255])),
    packed('a text', utf8('I am no gzip'), /not a tar/),
    packed('no tar in it', gzipSync(utf8('hello')), /not a tar/),
    packed('a bomb', gzipSync(new Uint8Array(80 * 2 ** 20), { level: 9 }), /200 times/),
    beside('gz: a tar that is not packed', 'x.tgz', tarOf(...good), { keeps: kept }),
    beside('gz: a packed tar that says it is not', 'x.tar', new Uint8Array(whole), { keeps: kept }),
  ];
}

export function hostileTars(): HostileCase[] {
  return [...lies(), ...headers(), ...holes(), ...gzips()];
}
