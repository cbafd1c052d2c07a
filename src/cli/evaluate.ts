import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import { normalise } from '../clip/preprocess';
import { imageFeatures } from '../clip/visionTower';
import { isVisionWeight, uploadWeights } from '../clip/weights';
import { evaluationIndices } from '../data/batches';
import { startingTensors } from '../distill/startingTensors';
import { createStudent, studentInputFeatures, studentView } from '../distill/student';
import { embedTexts } from '../distill/teacher';
import { datasetResults } from '../evaluate/datasetResults';
import { InputError, type OnProgress } from '../files/folder';
import { l2Normalize } from '../ops/l2Normalize';
import { startBackend } from './device';
import { parseFlags, required } from './flags';
import { imageStore, openCheckpoint, openData, openTensors } from './openRun';
import { progressPrinter } from './progress';

const USAGE =
  'cli evaluate --model DIR [--heads F --teacher DIR] --data PATH [--split test] [--backend webgpu|wasm]';
