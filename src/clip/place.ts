/** Where a tensor of the model lies in a checkpoint's files. */
export interface Place {
  /** What it is called there. */
  name: string;
  /** It is this third of the rows: the projections of queries, keys and values lie below one another. */
  third?: number;
  /** Its last rows are this tensor. */
  followedBy?: string;
  isTransposed?: boolean;
  /** The file has none of it: it is zeros, as many as that tensor has numbers. */
  isZero?: boolean;
  /** So many axes of length 1 stand before its own. */
  leadingAxes?: number;
}

/** Projections in the order in which they lie below one another. */
export const THIRDS = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'];
