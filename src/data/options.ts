/** Which columns of a table hold what. */
export interface Columns {
  image: string;
  text: string;
  kind: 'captions' | 'classes';
  split?: string;
}

/** What a person says about data that the data does not say itself; the run file's `dataOptions`. */
export interface DataOptions {
  /** What the data is read as, of the forms that it could be: 'table', 'class-folders'; the likeliest where undefined. */
  form?: string;
  /** What class names become texts by, with {} where the name belongs; the data's own or CLIP's where undefined. */
  promptTemplate?: string;
  /** Whether class names stay as folders and labels have them, without a file that names codes. */
  namesAsWritten?: boolean;
  /** Other names for classes, by the names that were read. */
  classNames?: Record<string, string>;
  /** What may be in images that come without texts, in label order: they are learnt from unlabelled. Of the demo, ids of its concepts. */
  classes?: string[];
  /** Which columns of tables hold what, where the guess was wrong. */
  columns?: Columns;
  /** Share (0..1) of the images that is kept for testing where the data brings no split to test on; 0 where undefined. */
  testShare?: number;
  /** Few-shot: at most so many training images a class; all where undefined. */
  shots?: number;
  /** At most so many training images a class keep their label, the rest stays as unlabelled images; all where undefined. */
  labelsPerClass?: number;
  /** Whether training images that look like a test image are moved out of training. What is tested on stays as it is. */
  moveNearDuplicates?: boolean;
  /** What the split, the few shots and the labelled images are drawn from; 0 where undefined. */
  seed?: number;
}
