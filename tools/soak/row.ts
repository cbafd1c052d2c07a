/** What a part of the soak has done, and what went wrong. */
export interface Row {
  what: string;
  done: number;
  lost: string[];
}
