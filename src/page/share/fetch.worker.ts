import { expose } from 'comlink';
import { tellFetches } from '../../files/notedFetch';
import { fetchFile } from './fetchFile';

tellFetches();
expose(fetchFile);
