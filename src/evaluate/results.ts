/** A text and the probability (0..1) that a model gives it for an image. */
export interface Guess {
  text: string;
  probability: number;
}

/** What both models make of one held-out image: their five likeliest texts, likeliest first. */
export interface Prediction {
  /** Index into the data set's images. */
  image: number;
  path: string;
  /** The right texts; none where it is unlabelled. */
  truth: string[];
  teacher: Guess[];
  student: Guess[];
  /** EduAttention's weights over all texts for this image, [N]; empty where it is switched off. */
  attention: Float32Array;
}

/** IFAlign's batch statistics over the held-out images, one entry a feature, [d]. */
export interface FeatureStatistics {
  teacherMean: Float32Array;
  studentMean: Float32Array;
  teacherVariance: Float32Array;
  studentVariance: Float32Array;
}

/**
 * Where the held-out images and the texts lie in the space that both models share: features of length 1, row by row, in
 * the order of the predictions and of the logits' texts.
 */
export interface Embeddings {
  /** d, the length of a row. */
  dimension: number;
  /** u_t, the teacher's features of the first images, [images, d] with at most 400 rows. */
  teacher: Float32Array;
  /** u_s, the student's features of the same images after the projector and before EduAttention, [images, d]. */
  student: Float32Array;
  /** W, the teacher's features of the texts, [texts, d]. */
  texts: Float32Array;
}

/** Logits q = s · features Wᵀ of every image and text, [images, texts]: an image a row, in the order of the predictions. */
export interface Logits {
  texts: string[];
  /** s; a logit divided by it is a cosine. */
  scale: number;
  teacher: Float32Array;
  student: Float32Array;
}

/** Where a tower's class token looks in its last layer, over the image as the tower gets it. */
export interface AttentionMap {
  /** Patches along each side. */
  grid: number;
  /** Mean over the heads, a share (0..1) a patch, row by row, [grid²]; the rest goes to the class token and prompts. */
  weights: Float32Array;
}

export interface AttentionMaps {
  teacher: AttentionMap;
  student: AttentionMap;
}

/**
 * Shares (0..1) of the labelled images whose right text is the model's first choice, or among its first five. Undefined
 * where no image is labelled.
 */
export interface Accuracy {
  top1?: number;
  top5?: number;
}

/** Teacher and student on held-out images, after `step` steps. */
export interface Evaluation {
  step: number;
  /** How many images were looked at. */
  images: number;
  /** False where the data has no held-out images, so that training images were used. */
  heldOut: boolean;
  teacher: Accuracy;
  student: Accuracy;
  /** Share (0..1) of images for which both models choose the same text. */
  agreement: number;
  predictions: Prediction[];
  logits: Logits;
  features: FeatureStatistics;
  embeddings: Embeddings;
}

/** What both models make of one image among some texts, after `step` steps. */
export interface ImageAnswers {
  step: number;
  /** The data set's own first, as they were read: class names in their template. */
  texts: string[];
  /** How many of the data set's own are among them, and how many it has. */
  ownTexts: { asked: number; all: number };
  /** Those that are longer than what the teacher reads; their ends were cut off. */
  cut: string[];
  /** s; a logit divided by it is a cosine. */
  scale: number;
  /** Logits, [texts]. */
  teacher: Float32Array;
  student: Float32Array;
}

/** A held-out image that was searched. */
interface SearchedImage {
  /** Index into the data set's images. */
  image: number;
  path: string;
  /** Its class names or captions. */
  texts: string[];
  /** The text that was searched for is its own. */
  isRight: boolean;
}

/** How well the held-out images go with a text, after `step` steps. */
export interface SearchResult {
  step: number;
  /** False where the data has no held-out images, so that training images were searched. */
  heldOut: boolean;
  /** Held-out images that there are; of very many, a part is searched. */
  all: number;
  /** The text is one of the data set's own. */
  isOwn: boolean;
  /** The text is longer than what the teacher reads; its end was cut off. */
  isCut: boolean;
  images: SearchedImage[];
  /** Cosines of the text and the images, [images]. */
  teacher: Float32Array;
  student: Float32Array;
}
