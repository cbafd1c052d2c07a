import { utf8 } from './bytes';
import { goodFiles, goodImage, type HostileCase } from './case';

const names = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'CON',
  'nul',
  'with space',
  ' leading and trailing ',
  'line\nbreak',
  'tab\tand\rreturn',
  '猫と犬',
  'кошка',
  'قطة',
  'Ελληνικά',
  'हिन्दी',
  '👩‍👩‍👧‍👦',
  'cafe\u0301',
  'caf\u00e9',
  'a'.repeat(300),
  '%2e%2e%2f',
  'quote"and\'quote',
  '<script>alert(1)</script>',
  '$& $1 {}',
  '-rf',
  '#hash?query',
  '\u202egnp',
  '\ud800',

  '0',
  'null',
];

/** Files and folders of names that are hard on programs. Those that the systems hide are not among them. */
export function hostileNames(): HostileCase[] {
  return names.flatMap((name) => {
    const shown = JSON.stringify(name.slice(0, 20));
    const files: HostileCase['files'] = [
      [`x${name}.png`, goodImage],
      [`x${name}.txt`, utf8('a caption')],
    ];
    const folders: HostileCase['files'] = [
      [`${name}/1.png`, goodImage],
      ['other/2.png', goodImage],
    ];
    return [
      { name: `file named ${shown}`, files: [...goodFiles, ...files], keeps: ['good.png', `x${name}.png`] },
      { name: `folder named ${shown}`, files: folders, keeps: [`${name}/1.png`, 'other/2.png'] },
    ];
  });
}
