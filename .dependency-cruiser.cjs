// The rooms of the code, top to bottom: a room may import only from rooms below it.
const rooms = [
  ['ui'],
  ['worker', 'cli'],
  ['run'],
  ['train'],
  ['export'],
  ['evaluate'],
  ['distill'],
  ['data'],
  ['clip'],
  ['ops'],
  ['device'],
  ['files'],
];

const upwards = rooms.flatMap((floor, level) =>
  floor.map((room) => ({
    name: `${room}-imports-only-downwards`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: {
      path: `^src/(${rooms.slice(0, level).flat().concat(floor.filter((other) => other !== room)).join('|')})/`,
    },
  })),
).filter((rule) => rule.to.path !== '^src/()/');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upwards,
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'ui-knows-nothing-of-tensors',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: {
        path: '(^src/(ops|device|clip|distill(?!/methods)|evaluate|train)/|tensorflow)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'methods-know-nothing-of-tensors',
      comment: 'The page reads what a method says of itself; its loss gets the operations handed in.',
      severity: 'error',
      from: { path: '^src/distill/methods/' },
      to: {
        path: '(^src/(ops|device|clip|distill(?!/methods))/|tensorflow)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'node-only-in-cli',
      comment: 'The page and the command line share one engine; what only Node has comes in through cli/.',
      severity: 'error',
      from: { path: '^src/(?!cli/)' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};
