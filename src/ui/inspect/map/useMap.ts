import { mapStore } from '../../../page/map/layouts';
import { hookOf } from '../../parts/stores';

export const useMap = hookOf(mapStore);
