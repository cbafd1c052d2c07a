import { spawnSync } from 'node:child_process';
import { findAdapter } from '../tools/adapter';

// `npm run bench`: measures on the best adapter that Node can have. Flags: see `node.ts`.
const { status } = spawnSync('npx', ['tsx', 'bench/node.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...adapterEnvironment() },
});
process.exit(status ?? 1);

function adapterEnvironment(): Record<string, string> {
  try {
    return findAdapter(process.env.CHROME_PATH ?? '').environment;
  } catch {
    return {}; // wasm alone, then
  }
}
