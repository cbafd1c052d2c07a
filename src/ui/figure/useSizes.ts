import { useShallow } from 'zustand/react/shallow';
import { type Sizes, sizesOf } from '../../page/sizes';
import { useStore } from '../parts/stores';

/** Shapes of the run in the engine. */
export const useSizes = (): Sizes => useStore(useShallow(sizesOf));
