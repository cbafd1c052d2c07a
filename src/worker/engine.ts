import { zipSync } from 'fflate';
import { type Checkpoint, loadCheckpoint } from '../clip/checkpoint';
import { isHubId, isWebAddress, remoteCheckpoint } from '../clip/hub';
import { randomCheckpoint } from '../clip/initialise';
import type { Precision } from '../clip/weights';
import { trainingIndices } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { DecodePool } from '../data/decodePool';
import { openDemo, readDemoIndex } from '../data/demo';
import { ImageStore } from '../data/images';
import { importDataset } from '../data/import';
import { type DataSummary, summarise } from '../data/summary';
import type { BackendName, DeviceInfo } from '../device/info';
import { type MemoryUse, memoryUse } from '../device/memory';
import { startDevice } from '../device/start';
import { blobFolder, commonFolder } from '../files/blobs';
import { type FileSource, type Folder, InputError, type OnProgress } from '../files/folder';
import { tuneMatmul } from '../ops/webgpu/matmulTuning';
import { type Run, trainOptions } from '../run/schema';
import type { SessionEvent } from '../train/events';
import { Session } from '../train/session';
import type { DemoGroup, DroppedFile, EngineApi, ModelSummary } from './api';
import { summariseModel } from './models';
import { tuningCache } from './tuningCache';

export interface EngineParts {
  /** The bundled data and teacher. */
  demo: FileSource;
  decodePool: DecodePool;
  wasmPaths: Record<string, string>;
}

/** Held-out images looked at while training, and after the last step. */
const EVALUATION_IMAGES = { during: 48, atEnd: 400 };

type Role = 'teacher' | 'student';

/** The engine behind the page: it opens what the page names and hands it to a session. */
export class Engine implements EngineApi {
  private listener: (event: SessionEvent) => void = () => {};
  private readonly session = new Session((event) => this.listener(event));
  private data?: { dataset: Dataset; images: ImageStore };
  private readonly opened: Partial<Record<Role, Checkpoint>> = {};
  private demoTeacher?: Promise<Checkpoint>;
  private run?: Run;

  constructor(private readonly parts: EngineParts) {}

  async start(backend: BackendName | 'auto', listener: (event: SessionEvent) => void): Promise<DeviceInfo> {
    this.listener = listener;
    const onLost = (reason: string) =>
      this.listener({
        type: 'problem',
        message: `The graphics processor was lost: ${reason}. Reload the page.`,
      });
    const device = await startDevice(backend, { wasmPaths: this.parts.wasmPaths, onLost });
    const label = 'Looking for the fastest matrix products of this device';
    const onProgress = (fraction: number) =>
      this.onProgress({ label, done: Math.round(100 * fraction), total: 100, unit: '%' });
    if (device.backend === 'webgpu') await tuneMatmul({ store: tuningCache, onProgress });
    return device;
  }

  async demoGroups(): Promise<{ groups: DemoGroup[]; defaultConcepts: string[] }> {
    const { groups, defaultConcepts } = await readDemoIndex(this.parts.demo);
    return { groups, defaultConcepts };
  }

  async openDemo(concepts?: string[]): Promise<DataSummary> {
    return this.use(await openDemo(this.parts.demo, concepts));
  }

  async openData(files: DroppedFile[]): Promise<DataSummary> {
    const { decode } = this.parts.decodePool;
    return this.use(await importDataset(folderOf(files), { decode, onProgress: this.onProgress }));
  }

  private use(dataset: Dataset): DataSummary {
    this.data = { dataset, images: new ImageStore(dataset, this.parts.decodePool.render) };
    return summarise(dataset);
  }

  async openModel(role: Role, from: DroppedFile[] | string): Promise<ModelSummary> {
    return summariseModel(await this.openCheckpoint(role, from), 'checkpoint');
  }

  private async openCheckpoint(role: Role, from: DroppedFile[] | string): Promise<Checkpoint> {
    const source = typeof from === 'string' ? remoteCheckpoint(from, this.onProgress) : folderOf(from);
    const checkpoint = await loadCheckpoint(source, {
      onProgress: this.onProgress,
      text: role === 'teacher',
    });
    // Without slashes, so that no drop is taken for an address or a hub id.
    if (typeof from !== 'string') checkpoint.name = checkpoint.name.split('/').at(-1) ?? '';
    this.opened[role] = checkpoint;
    return checkpoint;
  }

  async load(
    run: Run,
    teacherPrecision: Precision,
  ): Promise<{ teacher: ModelSummary; student: ModelSummary }> {
    if (!this.data) throw new InputError('There is no data to train on yet: drop images and captions first.');
    const { dataset, images } = this.data;
    const train = trainOptions(run, trainingIndices(dataset).length);
    const teacher = await this.teacherOf(run);
    const student = await this.studentOf(run);
    this.run = { ...run, train };
    const { method, loss } = run;
    await this.session.load({
      teacher,
      teacherPrecision,
      student,
      dataset,
      images,
      method,
      loss,
      train,
      evaluationImages: EVALUATION_IMAGES,
    });
    return {
      teacher: summariseModel(teacher, 'checkpoint'),
      student: summariseModel(student, typeof run.student === 'string' ? 'checkpoint' : 'random'),
    };
  }

  private teacherOf({ teacher }: Run): Promise<Checkpoint> | Checkpoint {
    if (teacher !== 'demo') return this.openedModel('teacher', teacher);
    this.demoTeacher ??= this.loadDemoTeacher();
    return this.demoTeacher;
  }

  private async loadDemoTeacher(): Promise<Checkpoint> {
    const { demo } = this.parts;
    try {
      const source = { name: 'demo teacher', open: (path: string) => demo.open(`teacher/${path}`) };
      return await loadCheckpoint(source, { onProgress: this.onProgress });
    } catch (error) {
      this.demoTeacher = undefined;
      throw error;
    }
  }

  private studentOf({ student }: Run): Promise<Checkpoint> | Checkpoint {
    if (typeof student === 'string') return this.openedModel('student', student);
    return randomCheckpoint(student.config, student.seed, 'student.config');
  }

  /** The checkpoint of this name; one that a link names is fetched, one that was dropped elsewhere can't be. */
  private openedModel(role: Role, name: string): Promise<Checkpoint> | Checkpoint {
    const checkpoint = this.opened[role];
    if (checkpoint?.name === name) return checkpoint;
    if (isWebAddress(name) || isHubId(name)) return this.openCheckpoint(role, name);
    throw new InputError(`The ${role} “${name}” is not on this page: drop its checkpoint folder on Models.`);
  }

  play(): Promise<void> {
    return this.session.play();
  }

  pause(): Promise<void> {
    return this.session.pause();
  }

  step(): Promise<void> {
    return this.session.step();
  }

  reset(): Promise<void> {
    return this.session.reset();
  }

  async image(index: number): Promise<Blob> {
    const image = this.data?.dataset.images[index];
    if (!image || !this.data) throw new InputError(`The data has no image number ${index}.`);
    return this.data.dataset.open(image);
  }

  async memory(): Promise<MemoryUse & { stepBytes?: number }> {
    return { ...memoryUse(), stepBytes: this.session.stepBytes };
  }

  async exportStudent(): Promise<Blob> {
    const files = await this.session.exportStudent();
    if (!files) throw new InputError('There is no student to export yet: wait until the models are loaded.');
    const run = new TextEncoder().encode(`${JSON.stringify(this.run, null, 2)}\n`);
    return new Blob([zipSync({ ...Object.fromEntries(files), 'run.json': run })], {
      type: 'application/zip',
    });
  }

  private readonly onProgress: OnProgress = (progress) => this.listener({ type: 'progress', ...progress });
}

function folderOf(files: DroppedFile[]): Folder {
  const name =
    commonFolder(files.map(({ path }) => path)) || (files.length === 1 ? files[0].path : 'the drop');
  return blobFolder(name, new Map(files.map(({ path, file }) => [path, file])));
}
