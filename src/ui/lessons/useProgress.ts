import { progressStore } from '../../page/lessons/progress';
import { hookOf } from '../parts/stores';

export const useProgress = hookOf(progressStore);
