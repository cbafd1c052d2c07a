import fs from 'node:fs';
import path from 'node:path';
// For its side effect: tfjs with its gradients, as Node needs them.
import '../../src/cli/device';
import { afterEach, describe, expect } from 'vitest';
import { decodeImage, examineImage } from '../../src/cli/decode';
import { diskFolder } from '../../src/cli/disk';
import { renderWith } from '../../src/data/images/render';
import { parseRun, type Run } from '../../src/run/schema';
import type { DroppedFile, EngineApi, EngineEvent } from '../../src/worker/api';
import { Engine } from '../../src/worker/engine';
import { createEngine } from '../e2e/fakeEngine';
import { engineEvent, sentence } from './schemas';

const FIXTURE = 'test/fixtures/reference';

async function realEngine(): Promise<EngineApi> {
  const decodePool = {
    render: renderWith(decodeImage),
    examine: examineImage,
    failed: new Promise<never>(() => undefined),
    shown: async (file: Blob) => file,
    dispose: () => undefined,
  };
  const demo = await diskFolder('public/demo');
  return new Engine({ demo, decodePool, answersTemplate: async () => undefined });
}

export interface Subject {
  engine: EngineApi;
  events: EngineEvent[];
  /** What was said of runs since, a word each: 'first: step 3'. Progress and notices are left out. */
  heard: () => string[];
  /** Resolves when an event came that is meant. */
  until: (isMeant: (event: EngineEvent) => boolean) => Promise<void>;
}

/** Runs the same tests on the engine, by WebAssembly, and on the one of invented numbers that page tests use. */
export function eachEngine(body: (open: () => Promise<Subject>) => void): void {
  describe.each([
    ['the engine', realEngine],
    ['the engine of the page tests', async () => createEngine()],
  ])('%s', (_, create) => {
    let events: EngineEvent[] = [];
    afterEach(() => {
      for (const event of events) expect(() => engineEvent.parse(event)).not.toThrow();
    });
    body(async () => {
      events = [];
      const seen = events;
      let onEvent = () => {};
      const listener = (event: EngineEvent) => {
        seen.push(event);
        onEvent();
      };
      const engine = await create();
      await engine.start('wasm', listener, () => Promise.reject(new Error('There is no page.')));
      return {
        engine,
        events: seen,
        heard: () => seen.splice(0).flatMap(inWords),
        until: (isMeant) =>
          new Promise((resolve) => {
            onEvent = () => {
              if (seen.some(isMeant)) resolve();
            };
            onEvent();
          }),
      };
    });
  });
}

function inWords(event: EngineEvent): string[] {
  if (event.run === undefined) return [];
  const words = wordsOf(event);
  return words === undefined ? [] : [`${event.run}: ${words}`];
}

function wordsOf(event: EngineEvent): string | undefined {
  switch (event.type) {
    case 'state':
      return event.state;
    case 'step':
      return `step ${event.metrics.step}`;
    case 'evaluation':
      return `evaluation ${event.evaluation.step}`;
    default:
      return undefined;
  }
}

/** A run of a student small enough for many loads. */
export const smallRun = (
  change: { method?: string; loss?: object; train?: object; teacher?: string; student?: string } = {},
): Run =>
  parseRun(
    {
      student: {
        config: {
          projection_dim: 8,
          vision_config: {
            hidden_size: 16,
            intermediate_size: 32,
            num_hidden_layers: 1,
            num_attention_heads: 2,
            image_size: 32,
            patch_size: 16,
          },
        },
      },
      ...change,
      train: { batchSize: 4, steps: 12, schedule: 'constant', learningRate: 0.002, ...change.train },
    },
    'The run',
  );

/** An engine with four concepts of the demo. */
export async function onDemo(open: () => Promise<Subject>) {
  const subject = await open();
  const { defaultConcepts } = await subject.engine.demoGroups();
  const data = await subject.engine.openDemo(defaultConcepts.slice(0, 4));
  return { ...subject, data };
}

/** As `onDemo`, with a run loaded that is called 'first'; what loading it told is heard already. */
export async function onRun(open: () => Promise<Subject>, run: Run = smallRun()) {
  const subject = await onDemo(open);
  const loaded = await subject.engine.load('first', run, 'float32');
  return { ...subject, loaded, heardOfLoading: subject.heard() };
}

/** Files of the fixture's folder as a drop brings them, in a folder of this name. */
export const dropped = (folder: string, name: string, isMeant = (_: string) => true): DroppedFile[] =>
  fs
    .readdirSync(path.join(FIXTURE, folder))
    .filter(isMeant)
    .map((file) => ({ path: `${name}/${file}`, file: fileOf(path.join(FIXTURE, folder, file)) }));

const fileOf = (place: string): File => new File([fs.readFileSync(place)], path.basename(place));

/** A drop of one file with this text. */
export const droppedText = (name: string, text: string): DroppedFile[] => [
  { path: name, file: new File([text], name) },
];

/** Refused with a sentence that says this. */
export async function refused(promise: Promise<unknown>, words: RegExp): Promise<void> {
  const error = await promise.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  const message = error instanceof Error ? error.message : String(error);
  expect(message).toMatch(words);
  expect(sentence.safeParse(message).error?.message, message).toBeUndefined();
}
