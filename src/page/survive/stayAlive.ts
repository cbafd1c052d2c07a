import { watchHidden } from './hidden';
import { watchSilence } from './silence';
import { watchScreen } from './wakeLock';
import { answerWatchers } from './watch';

/** What goes on from here on, beside all else, for runs to last. */
export function stayAlive(): void {
  watchSilence();
  watchHidden();
  watchScreen();
  answerWatchers();
}
