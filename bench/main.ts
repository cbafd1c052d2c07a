import { spawnSync } from 'node:child_process';
import { findAdapter } from '../tools/adapter';

// `npm run bench`: measures on the best adapter that Node can have. Flags: see `node.ts`.
const { status, signal } = spawnSync('npx', ['tsx', 'bench/node.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...adapterEnvironment() },
});
if (signal)
  console.error(
    `The measuring was ended by ${signal}. Where memory has run out, as large shapes may with all engines, --engine with fewer of them would be right.`,
  );
process.exit(status ?? 1);

function adapterEnvironment(): Record<string, string> {
  try {
    return findAdapter(process.env.CHROME_PATH ?? '').environment;
  } catch {
    return {}; // wasm alone, then
  }
}
