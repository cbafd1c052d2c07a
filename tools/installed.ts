import { existsSync } from 'node:fs';
import { installFromDebian } from './browser';

/** What the tests in all browsers need besides Chromium: Debian's package of it, and where it may lie. */
const PROGRAMS = {
  Firefox: { package: 'firefox-esr', places: ['/usr/bin/firefox-esr', '/usr/bin/firefox'] },
  'WebKitGTK’s driver': { package: 'webkit2gtk-driver', places: ['/usr/bin/WebKitWebDriver'] },
  Xvfb: { package: 'xvfb', places: ['/usr/bin/Xvfb'] },
  'the Vulkan driver lavapipe': {
    package: 'mesa-vulkan-drivers',
    places: ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map(
      (file) => `/usr/share/vulkan/icd.d/${file}`,
    ),
  },
};

export type Program = keyof typeof PROGRAMS;

/**
 * Installs those that are missing where it can.
 *
 * @throws Error naming those that still are, and how to get them
 */
export function install(programs: Program[]): void {
  const missing = () => programs.filter((program) => !PROGRAMS[program].places.some(existsSync));
  const packages = () => missing().map((program) => PROGRAMS[program].package);
  if (missing().length > 0) installFromDebian(packages());
  if (missing().length > 0)
    throw new Error(
      `NOT INSTALLED: ${missing().join(', ')}. Debian and Ubuntu have them as ${packages().join(' ')}.`,
    );
}

/** Where an installed one lies. */
export function pathOf(program: Program): string {
  const path = PROGRAMS[program].places.find(existsSync);
  if (!path) throw new Error(`${program} is not installed.`);
  return path;
}
