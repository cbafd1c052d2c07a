import { look, report, store } from '../store';

let wanted: number | undefined;
let isShowing = false;

/** Looks at a moment of the run, or with undefined at now; while one is being shown, the last one asked for waits. */
export async function scrub(moment: number | undefined): Promise<void> {
  wanted = moment;
  if (isShowing) return;
  isShowing = true;
  try {
    let shown: number | undefined;
    do {
      shown = wanted;
      await look(shown);
      // Play leads back to now, whatever was still asked for.
    } while (shown !== wanted && shown === store.getState().moment);
  } catch (error) {
    report(error);
  } finally {
    isShowing = false;
  }
}
