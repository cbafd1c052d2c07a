import { openDemo, readDemoIndex } from '../data/demo';
import type { DecodePool, RasteriseSvg } from '../data/images/decodePool';
import type { DataSummary } from '../data/summary';
import type { BackendName, DeviceInfo } from '../device/info';
import { largestBuffer, type MemoryUse, memoryUse } from '../device/memory';
import { startDevice } from '../device/start';
import type { Precision } from '../device/webgpu/half';
import type { AttentionMaps } from '../evaluate/results';
import { type FileSource, InputError, type OnProgress } from '../files/folder';
import { readSafetensors } from '../files/safetensors';
import type { HubAccess } from '../hub/place';
import { tuneHalfMatmul, tuneMatmul } from '../ops/webgpu/matmulTuning';
import type { AdaptSettings } from '../run/adaptSchema';
import type { Run } from '../run/schema';
import { distilling } from '../train/experiment';
import { Session } from '../train/session';
import type {
  DataOptions,
  DataPart,
  DroppedFile,
  EngineApi,
  EngineEvent,
  ImageQuestion,
  ModelDescription,
  ModelSummary,
  Past,
  PrecisionResult,
  Role,
  StageEvent,
  StoppedRun,
  TaughtTeacher,
  TrainedStudent,
} from './api';
import { Checkpoints } from './checkpoints';
import { checkpointBytes, initialisationOf, namesOf, sizesOf, summariseModel } from './models';
import { OpenedData } from './openedData';
import { OpenedModels } from './openedModels';
import { captionDoubts, type OpenedRun, openRun } from './openedRun';
import { Questions } from './questions';
import { holdRun } from './runLock';
import { Stages } from './stages';
import { openRunStore, removeRun, stoppedRun } from './stoppedRuns';
import { tuningOptions } from './tuningCache';

export interface EngineParts {
  /** The bundled data and teacher. */
  demo: FileSource;
  decodePool: DecodePool;
  /** Not needed in Node. */
  wasmPaths?: Record<string, string>;
  /** Called when the device is lost. */
  onLost?: () => void;
  /** The page that a student is exported as, as built; undefined where it can't be had. */
  answersTemplate: () => Promise<string | undefined>;
}

/** Held-out images looked at while training, and after the last step. */
const evaluationImages = { during: 48, atEnd: 400 };

/** The engine behind the page: it opens what the page names and hands it to a session. */
export class Engine implements EngineApi {
  private listener: (event: EngineEvent) => void = () => {};
  private readonly emit = (event: EngineEvent) => this.listener(event);
  private readonly session = new Session((event) => {
    this.checkpoints.hear(event);
    this.emit(event);
  });
  private readonly runStore = openRunStore();
  private readonly checkpoints = new Checkpoints(() => this.session.snapshot(), this.emit, this.runStore);
  private readonly data: OpenedData;
  private readonly models: OpenedModels;
  private readonly questions: Questions;
  private readonly stages = new Stages();
  private loading = new AbortController();
  private loaded?: OpenedRun & {
    /** Learning rates that were set while it ran. */
    log?: Run['train']['log'];
  };
  private device?: DeviceInfo;

  constructor(private readonly parts: EngineParts) {
    this.data = new OpenedData(parts.decodePool, this.emit, this.onProgress, () => this.models.access);
    this.models = new OpenedModels(parts.demo, this.emit);
    this.questions = new Questions(this.session, () => this.loaded, parts.decodePool.render);
  }

  async start(
    backend: BackendName | 'auto',
    listener: (event: EngineEvent) => void,
    rasteriseSvg: RasteriseSvg,
  ): Promise<DeviceInfo> {
    this.listener = listener;
    this.parts.decodePool.rasteriseSvg = rasteriseSvg;
    const message =
      'Threads that decode images could not be started, so it takes longer. Reload the page to try again.';
    void this.parts.decodePool.failed.then(() => this.emit({ type: 'problem', message }));
    const device = await startDevice(backend, this.parts);
    if (device.backend === 'webgpu') await tuneMatmul(tuningOptions(this.onProgress));
    this.device = device;
    return device;
  }

  async demoGroups() {
    const { groups, defaultConcepts } = await readDemoIndex(this.parts.demo);
    return { groups, defaultConcepts };
  }

  async openDemo(concepts?: string[], options?: DataOptions): Promise<DataSummary> {
    return this.data.replace(await openDemo(this.parts.demo, { ...options, classes: concepts }), concepts);
  }

  async openData(parts: DataPart[], options: DataOptions): Promise<DataSummary> {
    return this.data.open(parts, options);
  }

  async cancelOpening(): Promise<void> {
    this.data.cancel();
  }

  async imageRows(from: number, to: number, search: string) {
    return this.data.rows(from, to, search);
  }

  async augmented(index: number, draws: number, augment: Run['train']['augment']) {
    if (!this.loaded) throw new InputError('The models are not loaded yet; wait a moment.');
    return this.data.augmented(index, draws, augment, this.loaded.student.preprocessor);
  }

  async describeModel(place: string): Promise<ModelDescription> {
    return this.models.describe(place);
  }

  async describeStudent(student: Run['student']): Promise<ModelDescription> {
    if (!this.loaded) throw new InputError('The models are not loaded yet; wait a moment.');
    const { name, config } = await this.models.studentOf({ student }, this.loaded.teacher);
    return { name, sizes: sizesOf(config), largestBuffer: largestBuffer() };
  }

  async openModel(role: Role, from: DroppedFile[] | string): Promise<ModelSummary> {
    return summariseModel(await this.models.open(role, from), 'checkpoint');
  }

  async openTensors(file: DroppedFile): Promise<void> {
    await this.models.openTensors(file);
  }

  async cancelModel(): Promise<void> {
    this.models.cancel();
  }

  async storedModels() {
    return this.models.stored();
  }

  async deleteStoredModels(place?: string): Promise<void> {
    return this.models.deleteStored(place);
  }

  async setHubAccess(access: HubAccess): Promise<void> {
    this.models.setAccess(access);
  }

  async load(id: string, run: Run, teacherPrecision: Precision, trained?: TrainedStudent, past?: Past) {
    this.loading.abort(new InputError('Another run was loaded.'));
    this.loading = new AbortController();
    const { signal } = this.loading;
    const snapshot = trained && {
      step: trained.step,
      tensors: await readSafetensors(trained.tensors, 'The trained student'),
    };
    const opened = await openRun(run, this.data, this.models);
    // A model may take longer to read than the one of a later load.
    signal.throwIfAborted();
    this.loaded = opened;
    if (teacherPrecision === 'float16-arithmetic') await tuneHalfMatmul(tuningOptions(this.onProgress));
    const { run: settled, origin, ...parts } = opened;
    const { method, loss, train } = settled;
    const tensors = this.models.tensorsOf(run, opened.teacher);
    const inputs = { ...parts, ...tensors, teacherPrecision, method, loss, train, snapshot };
    const teacher = summariseModel(opened.teacher, 'checkpoint');
    const student = summariseModel(opened.student, initialisationOf(run.student));
    if (!(await holdRun(id)))
      throw new InputError('This run is open in another tab: go on there, or close it.');
    const names = { data: opened.dataset.name, ...namesOf({ teacher, student }) };
    const about = { ...names, device: this.device?.description ?? '', bytes: checkpointBytes(student) };
    this.checkpoints.begin({ id, run, teacherPrecision, ...origin, ...about }, past, trained?.step);
    await this.session.load({ ...inputs, evaluationImages }, id);
    if (past) await this.checkpoints.tellMoments();
    this.models.keep(run);
    return { id, teacher, student, captionDoubts: await captionDoubts(opened) };
  }

  keepCheckpoint(): Promise<void> {
    return this.checkpoints.write();
  }

  async stoppedRun(id?: string): Promise<StoppedRun | undefined> {
    return stoppedRun(await this.runStore, id);
  }

  async removeCheckpoints(id: string): Promise<void> {
    await removeRun(await this.runStore, id);
  }

  async makeTeacher(run: Run, listener: (event: StageEvent) => void): Promise<TaughtTeacher> {
    return this.stages.makeTeacher(run, this.stageParts(), listener);
  }

  async adaptTeacher(run: AdaptSettings, listener: (event: StageEvent) => void): Promise<TaughtTeacher> {
    return this.stages.adaptTeacher(run, this.stageParts(), listener);
  }

  private stageParts() {
    return { ...this.data.take(), models: this.models, device: this.device?.description ?? '' };
  }

  async cancelStage(): Promise<void> {
    this.stages.cancel();
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

  async setLearningRate(learningRate: number) {
    const answer = await this.session.setLearningRate(learningRate);
    if (this.loaded) this.loaded.log = answer?.log;
    if (answer) this.checkpoints.setLog(answer.log);
    return answer;
  }

  async reset(id: string): Promise<void> {
    this.checkpoints.beginAnew(id);
    await this.session.reset(id);
    if (this.loaded) this.loaded.log = undefined;
  }

  async image(index: number): Promise<Blob> {
    return this.data.image(index);
  }

  async attentionMaps(image: number): Promise<AttentionMaps | undefined> {
    return this.session.ask(async (all) => distilling(all)?.attentionMaps(image));
  }

  async ask(question: ImageQuestion) {
    return this.questions.ask(question);
  }

  async search(text: string) {
    return this.questions.search(text);
  }

  async memory(): Promise<MemoryUse & { stepBytes?: number }> {
    return { ...memoryUse(), stepBytes: this.session.stepBytes };
  }

  async look(step?: number): Promise<void> {
    const moment = step === undefined ? undefined : await this.checkpoints.studentAt(step);
    const tensors = moment && (await readSafetensors(moment.tensors, 'The student of then'));
    await this.session.look(tensors && { step: moment.step, tensors });
  }

  async trainedStudent(step?: number): Promise<TrainedStudent | undefined> {
    return step === undefined ? this.checkpoints.studentNow() : this.checkpoints.studentAt(step);
  }

  async exportStudent(): Promise<{ file: Blob; precisions: PrecisionResult[] }> {
    const student = await this.session.ask(async (all) => distilling(all)?.exportStudent());
    const { loaded } = this;
    if (!student || !loaded)
      throw new InputError('There is no student to export yet: wait until the models are loaded.');
    const { run, log = run.train.log } = loaded;
    const { studentZip } = await import('./zips');
    const file = await studentZip(student, await this.parts.answersTemplate(), {
      ...loaded,
      run: { ...run, train: { ...run.train, log } },
      device: this.device?.description ?? '',
      evaluations: this.checkpoints.evaluationsUntil(student.step),
    });
    return { file, precisions: student.precisions };
  }

  async exportSearchPage(): Promise<Blob> {
    const searched = await this.session.ask(async (all) => distilling(all)?.everyPicture(this.onProgress));
    const { searchZip } = await import('./searchZip');
    return searchZip(await this.parts.answersTemplate(), searched);
  }

  private readonly onProgress: OnProgress = (progress) => this.emit({ type: 'progress', ...progress });
}
