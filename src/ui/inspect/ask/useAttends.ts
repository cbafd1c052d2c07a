import { useStore } from '../../parts/stores';

/** Whether EduAttention stands between the student's features and its answers in the loaded run. */
export const useAttends = (): boolean =>
  useStore(({ evaluation }) => (evaluation?.predictions[0]?.attention.length ?? 0) > 0);
