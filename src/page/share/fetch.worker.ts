import { expose } from 'comlink';
import { fetchFile } from './fetchFile';

expose(fetchFile);
