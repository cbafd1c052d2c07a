import { type Checkpoint, loadCheckpoint, readDescription } from '../clip/checkpoint';
import { largestBuffer } from '../device/memory';
import { readTeacherPrompts } from '../distill/promptsrc/prompts';
import { readTensorFile, type TensorFile } from '../distill/tensorFile';
import { downloadStore } from '../files/browserStore';
import { type FileSource, InputError } from '../files/folder';
import { deleteStored, storedModels } from '../files/storage';
import { describeRemote, remoteCheckpoint, storedPlace } from '../hub/model';
import { type HubAccess, isHubId, isWebAddress } from '../hub/place';
import { PRETRAINED } from '../run/demo';
import type { Run } from '../run/schema';
import { newStudent } from '../run/student';
import type { ExperimentInputs } from '../train/experiment';
import type { DroppedFile, EngineEvent, ModelDescription, Role, StoredModelRow } from './api';
import { droppedCheckpoint } from './droppedCheckpoint';
import { sizesOf } from './models';

interface Opened {
  checkpoint: Checkpoint;
  /** What it is called among the stored models. Dropped ones have none. */
  place?: string;
  /** What was dropped. */
  files?: DroppedFile[];
}

interface OpenedTensors {
  tensors: TensorFile & { metadata: Record<string, string> };
  file: DroppedFile;
}

/** What of a run names a file of tensors. */
const tensorKeys = ['teacherPrompts', 'heads', 'prompts'] as const;

/** The models behind the page: what is opened and stored, and the access to the hub. */
export class OpenedModels {
  /** By the name that a run calls them. */
  private readonly opened: Record<Role, Map<string, Opened>> = { teacher: new Map(), student: new Map() };
  private readonly tensors = new Map<string, OpenedTensors>();
  private readonly demoModels: Partial<Record<Role, Promise<Checkpoint>>> = {};
  private opening = new AbortController();
  private describing = new AbortController();
  /** In memory only: a token is never stored. */
  access: Readonly<HubAccess> = {};
  /** What is being downloaded. */
  private arriving?: string;

  constructor(
    private readonly demo: FileSource,
    private readonly emit: (event: EngineEvent) => void,
  ) {}

  /** What is left out stays as it is; an empty text forgets it. */
  setAccess({ endpoint = this.access.endpoint, token = this.access.token }: HubAccess): void {
    this.access = { endpoint: endpoint || undefined, token: token || undefined };
  }

  /** Stops opening and describing a model. */
  cancel(): void {
    const reason = new InputError('Loading was cancelled; what was downloaded is kept.');
    this.opening.abort(reason);
    this.describing.abort(reason);
  }

  async describe(place: string): Promise<ModelDescription> {
    this.describing.abort(new InputError('Another model is being looked up.'));
    this.describing = new AbortController();
    const options = { ...this.access, signal: this.describing.signal };
    const remote = await describeRemote(place, options);
    const { config } = await readDescription(remoteCheckpoint(place, undefined, options));
    return {
      name: place,
      remote,
      sizes: typeof config === 'object' ? sizesOf(config) : undefined,
      largestBuffer: largestBuffer(),
    };
  }

  async open(role: Role, from: DroppedFile[] | string): Promise<Checkpoint> {
    this.cancel();
    const opening = new AbortController();
    this.opening = opening;
    const options = { ...this.access, signal: opening.signal };
    const place = typeof from === 'string' ? storedPlace(from, options) : undefined;
    this.arriving = place;
    this.emit({ type: 'opening', isOpening: true });
    try {
      const source =
        typeof from === 'string'
          ? remoteCheckpoint(from, (progress) => this.emit({ type: 'progress', ...progress }), options)
          : await droppedCheckpoint(from, opening.signal);
      const checkpoint = await loadCheckpoint(source, { text: role === 'teacher' });
      opening.signal.throwIfAborted();
      // Without slashes, so that no drop is taken for an address or a hub id.
      if (typeof from !== 'string') checkpoint.name = checkpoint.name.split('/').at(-1) ?? '';
      const files = typeof from === 'string' ? undefined : from;
      this.opened[role].set(checkpoint.name, { checkpoint, place, files });
      return checkpoint;
    } finally {
      if (this.opening === opening) {
        this.arriving = undefined;
        this.emit({ type: 'opening', isOpening: false });
      }
    }
  }

  /** Keeps a safetensors file's tensors, by the name that runs call it. */
  async openTensors(file: DroppedFile): Promise<void> {
    this.tensors.set(file.path, { tensors: await readTensorFile(file.file, file.path), file });
  }

  /**
   * What a run names beside its models.
   *
   * @throws InputError where it is not here, or does not fit the teacher
   */
  tensorsOf(
    run: Run,
    { config }: Checkpoint,
  ): Pick<ExperimentInputs, 'teacherPrompts' | 'heads' | 'prompts'> {
    const find = (key: (typeof tensorKeys)[number]) => {
      const name = run[key];
      const file = name === undefined ? undefined : this.tensors.get(name)?.tensors;
      if (file || name === undefined) return file;
      throw new InputError(
        `The run begins with “${name}” (${key}), which is not on this page: open a file that was saved with it, or distil on the command line.`,
      );
    };
    const teacherPrompts = find('teacherPrompts');
    return {
      teacherPrompts: teacherPrompts && readTeacherPrompts(teacherPrompts, config),
      heads: find('heads'),
      prompts: find('prompts'),
    };
  }

  teacherOf({ teacher }: Pick<Run, 'teacher'>): Promise<Checkpoint> | Checkpoint {
    return teacher === 'demo' ? this.demoModel('teacher') : this.named('teacher', teacher);
  }

  studentOf({ student }: Pick<Run, 'student'>, teacher: Checkpoint): Promise<Checkpoint> | Checkpoint {
    if (student === PRETRAINED) return this.demoModel('student');
    return typeof student === 'string' ? this.named('student', student) : newStudent(student, teacher);
  }

  /** The files of those models of a run that were dropped. */
  droppedFor(run: Run): Partial<Record<Role, DroppedFile[]>> {
    const filesOf = (role: Role) => {
      const name = run[role];
      return typeof name === 'string' ? this.opened[role].get(name)?.files : undefined;
    };
    return { teacher: filesOf('teacher'), student: filesOf('student') };
  }

  /** The files of tensors that a run begins with. */
  tensorFilesOf(run: Run): DroppedFile[] {
    return tensorKeys.flatMap((key) => this.tensors.get(run[key] ?? '')?.file ?? []);
  }

  /** Lets go of all opened models but those of this run. */
  keep(run: Run): void {
    for (const role of ['teacher', 'student'] as const)
      for (const name of this.opened[role].keys()) if (name !== run[role]) this.opened[role].delete(name);
  }

  async stored(): Promise<StoredModelRow[]> {
    const models = await storedModels(await downloadStore());
    return models.map((model) => ({ ...model, isInUse: this.isInUse(model.place) }));
  }

  /** Deletes what is stored of one model, or of all that are not in use. */
  async deleteStored(place?: string): Promise<void> {
    if (place !== undefined && this.isInUse(place))
      throw new InputError(`${place} is in use: load another model in its place first.`);
    const store = await downloadStore();
    const all = await this.stored();
    if (place === undefined && !all.some(({ isInUse }) => isInUse)) return deleteStored(store);
    for (const model of all)
      if (place === undefined ? !model.isInUse : model.place === place)
        await deleteStored(store, model.place);
  }

  private isInUse(place: string): boolean {
    const all = [...this.opened.teacher.values(), ...this.opened.student.values()];
    return place === this.arriving || all.some((one) => one.place === place);
  }

  /** The checkpoint of this name; one that a link names is fetched, one that was dropped elsewhere can't be. */
  private named(role: Role, name: string): Promise<Checkpoint> | Checkpoint {
    const known = this.opened[role].get(name);
    if (known) return known.checkpoint;
    if (isWebAddress(name) || isHubId(name)) return this.open(role, name);
    throw new InputError(`The ${role} “${name}” is not on this page: drop its checkpoint folder on Models.`);
  }

  private demoModel(role: Role): Promise<Checkpoint> {
    this.demoModels[role] ??= this.loadDemoModel(role);
    return this.demoModels[role];
  }

  private async loadDemoModel(role: Role): Promise<Checkpoint> {
    const { demo } = this;
    try {
      const name = role === 'teacher' ? 'demo teacher' : 'demo pre-trained student';
      const source = { name, open: (path: string) => demo.open(`${role}/${path}`) };
      return await loadCheckpoint(source, { text: role === 'teacher' });
    } catch (error) {
      this.demoModels[role] = undefined;
      throw error;
    }
  }
}
