import type { DroppedFile } from '../../worker/api';

/** A picture that the camera took, and when, in milliseconds. */
export interface Shot {
  picture: Blob;
  time: number;
}

export interface ShotClass {
  name: string;
  /** In the order they were taken. */
  shots: readonly Shot[];
}

/** So much of a class's pictures is kept for testing, or as near to it as the longest pause lies. */
const leastShare = 0.1;
const mostShare = 0.4;

/**
 * The first of a class's pictures that is held out for testing; all from it on are. Neighbouring frames look alike, so
 * they are parted by time and not by chance: at the longest pause that leaves a tenth to two fifths for testing.
 */
export function firstHeldOut(times: readonly number[]): number {
  const least = Math.ceil(times.length * (1 - mostShare));
  const most = Math.floor(times.length * (1 - leastShare));
  let first = Math.min(Math.max(1, Math.round(times.length * 0.8)), Math.max(1, times.length - 1));
  let longest = times[first] - times[first - 1];
  for (let i = Math.max(1, least); i <= most; i++) {
    const pause = times[i] - times[i - 1];
    // A camera's own rate wavers; only a pause that a person made parts anything.
    if (pause > 2 * longest) [longest, first] = [pause, i];
  }
  return first;
}

/** The pictures as a folder with a table of their classes and splits, as if it had been dropped. */
export function cameraFiles(classes: readonly ShotClass[]): DroppedFile[] {
  const files: DroppedFile[] = [];
  const rows: string[] = [];
  for (const { name, shots } of classes) {
    const held = firstHeldOut(shots.map(({ time }) => time));
    for (const [i, { picture }] of shots.entries()) {
      const file_name = `${String(files.length + 1).padStart(4, '0')}.jpg`;
      const split = i < held ? 'train' : 'test';
      files.push({
        path: `camera/${file_name}`,
        file: new File([picture], file_name, { type: picture.type }),
      });
      rows.push(JSON.stringify({ file_name, label: name.trim(), split }));
    }
  }
  const table = new File([rows.join('\n')], 'metadata.jsonl');
  return [...files, { path: `camera/${table.name}`, file: table }];
}
