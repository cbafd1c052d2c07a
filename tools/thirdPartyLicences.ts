import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

interface Manifest {
  name: string;
  version: string;
  license: string;
  author?: { name: string };
  repository?: { url: string };
}

/** Files of packages that the page, its workers or their assets are made of. */
const used = new Set<string>();

/**
 * Sees what of node_modules is in a bundle: for the page's and the workers' plugins. Vite's `build.license` leaves
 * workers, fonts and WebAssembly out, with them tfjs.
 */
export const findPackages: Plugin = {
  name: 'find-packages',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      const sources = file.type === 'chunk' ? file.moduleIds : file.originalFileNames;
      for (const source of sources)
        if (source.includes('node_modules/')) used.add(path.resolve(source.replace(/\?.*/, '')));
    }
  },
};

/** Writes `third-party-licences.txt` beside the page, after `findPackages`: the packages' licences, each text once. */
export const thirdPartyLicences: Plugin = {
  name: 'third-party-licences',
  generateBundle() {
    const packages = new Map([...used].sort().map((file) => [nameOf(file), licenceOf(file)]));
    const parts = [...new Set(packages.values())].map((text) => {
      const names = [...packages.keys()].filter((name) => packages.get(name) === text);
      return `${names.join('\n')}\n\n${text}\n`;
    });
    const heading = 'clip-distillery is built with these packages; their licences stand below them.\n';
    this.emitFile({
      type: 'asset',
      fileName: 'third-party-licences.txt',
      source: [heading, ...parts].join(`\n${'='.repeat(80)}\n\n`),
    });
  },
};

/** The folder of the package that a file belongs to. */
function packageOf(file: string): string {
  return /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? '';
}

/** 'react 19.3.1 (MIT)'. */
function nameOf(file: string): string {
  const { name, version, license } = manifestOf(file);
  return `${name} ${version} (${license})`;
}

/** The text of the licence that lies next to a file, from its folder up to its package's. */
function licenceOf(file: string): string {
  const root = packageOf(file);
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const name = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    if (name) return readFileSync(path.join(folder, name), 'utf8').trim();
  }
  const { license, author, repository } = manifestOf(file);
  // tfjs comes without the text, which is the one of this page.
  if (license === 'Apache-2.0') return readFileSync('LICENSE', 'utf8').trim();
  return `The package holds no more about its licence than its name, ${license}.\nAuthor: ${author?.name ?? author}\nSource: ${repository?.url ?? repository}`;
}

function manifestOf(file: string): Manifest {
  return JSON.parse(readFileSync(`${packageOf(file)}/package.json`, 'utf8'));
}
