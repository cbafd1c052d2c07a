import { InputError } from '../files/folder';

/** Nothing says what is in the images: class names would do, for the student to learn from the teacher alone. */
export class NeedsClasses extends InputError {
  override name = 'NeedsClasses';
}
