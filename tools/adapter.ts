import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { swiftShaderOf } from './browser';

/** Environment variables that make Dawn find an adapter, and what the adapter calls itself. */
export interface Adapter {
  name: string;
  environment: Record<string, string>;
}

const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.json';

/**
 * The best WebGPU adapter for Node: the platform's own, else lavapipe where it works, else the SwiftShader
 * that comes with the browser. Each is tried in a process of its own by a small computation.
 *
 * @throws Error saying how to get an adapter
 */
export function findAdapter(browser: string): Adapter {
  const runtime = { XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir() };
  const swiftShader = swiftShaderOf(browser);
  const candidates: Record<string, string>[] = [runtime];
  if (!process.env.VK_ICD_FILENAMES) {
    if (existsSync(LAVAPIPE)) candidates.push({ ...runtime, VK_ICD_FILENAMES: LAVAPIPE });
    if (swiftShader) {
      const loader = [dirname(swiftShader), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
      candidates.push({ ...runtime, VK_ICD_FILENAMES: swiftShader, LD_LIBRARY_PATH: loader });
    }
  }
  for (const environment of candidates) {
    const name = probe(environment);
    if (name) return { name, environment };
  }
  throw new Error(
    'No WebGPU adapter for the numeric tests: install a Vulkan driver, or Debian’s chromium, whose SwiftShader does.',
  );
}

function probe(environment: Record<string, string>): string | undefined {
  const { status, stdout } = spawnSync('npx', ['tsx', 'tools/probe.ts'], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return status === 0 ? stdout.trim() : undefined;
}
