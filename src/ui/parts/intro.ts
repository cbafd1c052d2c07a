/** What this is, for who has never seen it. */
export const intro = 'A small CLIP (orange) learns to answer like a big one (blue). Press Play.';
