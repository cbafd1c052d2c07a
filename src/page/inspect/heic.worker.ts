import { expose } from 'comlink';
import { heicAsJpeg } from '../../data/images/shown';

expose(heicAsJpeg);
