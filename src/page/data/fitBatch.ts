/** The batch size that a person chose, while data with too few images has another in its place. */
let lowered: { from: number; to: number } | undefined;

/** The batch size that was chosen, of one that may be there for too little data. */
export const chosenBatch = (batchSize: number): number =>
  lowered?.to === batchSize ? lowered.from : batchSize;

/** The batch size that so many images can fill, the chosen one where they can, and where no batch can be had at all. */
export function fitBatch(chosen: number, images: number): number {
  const batchSize = images < 2 ? chosen : Math.min(chosen, images);
  lowered = batchSize < chosen ? { from: chosen, to: batchSize } : undefined;
  return batchSize;
}
