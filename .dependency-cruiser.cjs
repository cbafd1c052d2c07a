// The rooms of the code, top to bottom: a room may import only from rooms below it.
const rooms = [
  ['ui'],
  ['page'],
  ['worker', 'cli', 'answers'],
  ['run'],
  ['train'],
  ['export'],
  ['evaluate'],
  ['distill'],
  ['data'],
  ['clip'],
  ['ops'],
  ['device'],
  ['hub'],
  ['files'],
];

// The same within the page's components, whose root is above all of them.
const uiRooms = [
  ['embed'],
  ['header'],
  ['advice', 'data', 'inspect', 'lessons', 'method', 'models', 'results', 'share', 'survive'],
  ['figure', 'runs', 'undo'],
  ['charts', 'teach'],
  ['parts'],
];

const upwards = (folder, floors) =>
  floors.flatMap((floor, level) =>
    floor.flatMap((room) => {
      const above = floors.slice(0, level).flat().concat(floor.filter((other) => other !== room));
      return above.length === 0
        ? []
        : {
            name: `${room}-imports-only-downwards`,
            severity: 'error',
            from: { path: `^${folder}/${room}/` },
            to: { path: `^${folder}/(${above.join('|')})/` },
          };
    }),
  );

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upwards('src', rooms),
    ...upwards('src/ui', uiRooms),
    {
      name: 'ui-imports-its-root-from-nowhere',
      severity: 'error',
      from: { path: '^src/ui/[^/]+/' },
      to: { path: '^src/ui/[^/]+$' },
    },
    {
      name: 'page-has-no-components',
      severity: 'error',
      from: { path: '^src/page/' },
      to: { path: '^node_modules/(react|react-dom|zustand/(index|react))[/.]' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'ui-knows-nothing-of-tensors',
      severity: 'error',
      from: { path: '^src/(ui|page)/' },
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
