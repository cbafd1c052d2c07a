import type { LeftOut } from './result';

/**
 * Something of an engine; where a rival fails, undefined and a note of it in `leftOut`. The product must not fail.
 *
 * @param measured what it was to do
 */
export async function orLeaveOut<T>(
  measured: string,
  engine: string,
  leftOut: LeftOut[],
  start: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    if (engine.startsWith('ours')) throw error;
    leftOut.push({ measured, engine, reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
