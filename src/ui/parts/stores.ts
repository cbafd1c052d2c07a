import { type StoreApi, useStore as useZustand } from 'zustand';
import { askedStore } from '../../page/inspect/asked';
import { chosenStore } from '../../page/inspect/chosen';
import { comparedStore } from '../../page/inspect/compared';
import { openBoxStore } from '../../page/inspect/openBox';
import { viewStore } from '../../page/inspect/view';
import { lessonsStore, zoomStore } from '../../page/lessons/open';
import { pointerStore } from '../../page/pointer';
import { keptStore } from '../../page/runs/kept';
import { queueStore } from '../../page/runs/queue';
import { offerStore } from '../../page/share/opening';
import { store } from '../../page/store';
import { stageStore } from '../../page/teach/stage';
import { editsStore } from '../../page/undo/edits';

/** A store of the page as components follow it: a part of it, or all. */
export function hookOf<State>(of: StoreApi<State>) {
  function useIt(): State;
  function useIt<Part>(select: (state: State) => Part): Part;
  function useIt<Part>(select?: (state: State) => Part): State | Part {
    return select ? useZustand(of, select) : useZustand(of);
  }
  return useIt;
}

export const useStore = hookOf(store);
export const useAsked = hookOf(askedStore);
export const useChosen = hookOf(chosenStore);
export const useCompared = hookOf(comparedStore);
export const useEdits = hookOf(editsStore);
export const useInspectView = hookOf(viewStore);
export const useKept = hookOf(keptStore);
export const useOffer = hookOf(offerStore);
export const useOpen = hookOf(lessonsStore);
export const useOpenBox = hookOf(openBoxStore);
export const usePointer = hookOf(pointerStore);
export const useQueue = hookOf(queueStore);
export const useStage = hookOf(stageStore);
export const useZoom = hookOf(zoomStore);
