/** What a lesson can point at. */
export const targets = [
  'play',
  'export',
  'data',
  'drop',
  'concepts',
  'lookCloser',
  'models',
  'method',
  'trains',
  'temperature',
  'batch',
  'methods',
  'figure',
  'images',
  'teacher',
  'student',
  'textTower',
  'ifalign',
  'edu',
  'refinement',
  'qt',
  'qs',
  'inspect',
  'losses',
  'accuracy',
  'runs',
] as const;

export type Target = (typeof targets)[number];

const card = '.results .panel';

/** Where each stands: a selector, and where several match it what the right one's text begins with. */
const places: Record<Target, [selector: string, text?: RegExp]> = {
  play: ['header button', /^(Play|Pause)/],
  export: ['header .button', /^Export/],
  data: ['[aria-label="Data"]'],
  drop: ['[aria-label="Data"] .drop'],
  concepts: ['[aria-label="Data"] .quiet', /^(Concepts|Back to the demo)/],
  lookCloser: ['[aria-label="Data"] .quiet', /^Look closer/],
  models: ['[aria-label="Models"]'],
  method: ['[aria-label="Method"]'],
  trains: ['[aria-label="Method"] label', /^Trains/],
  temperature: ['[aria-label="Method"] div:has(> [aria-label^="Temperature"])'],
  batch: ['[aria-label="Method"] div:has(> [aria-label^="Batch"])'],
  methods: ['[aria-label="Method"] label', /^Learns by/],
  figure: ['[aria-label="Distillation"]'],
  images: ['[data-box="images"]'],
  teacher: ['[data-box="teacher"]'],
  student: ['[data-box="student"]'],
  textTower: ['[data-box="textTower"]'],
  ifalign: ['[data-box="ifalign"]'],
  edu: ['[data-box="edu"]'],
  refinement: ['[data-box="refinement"]'],
  qt: ['[data-box="qt"]'],
  qs: ['[data-box="qs"]'],
  inspect: ['[aria-label="Inspect"]'],
  losses: [card, /^Losses/],
  accuracy: [card, /^Accuracy/],
  runs: [card, /^Runs/],
};

/** The element of the page that is meant; undefined where the page shows none. */
export function find(target: Target): Element | undefined {
  const [selector, text] = places[target];
  return [...document.querySelectorAll(selector)].find((one) => !text || text.test(one.textContent ?? ''));
}
