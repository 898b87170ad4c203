/**
 * The import matrix, in one table: a folder may import from itself and from the folders named here.
 * src-shared ← gan ← engine ← trainer; isolation, src-shared ← store ← trainer; trainer, store ← studio ← hosts; nobody imports hosts.
 */
const matrix = {
  'src-shared': [],
  'src-main/isolation': [],
  'src-main/gan': ['src-shared'],
  'src-main/engine': ['src-shared', 'src-main/gan'],
  'src-main/store': ['src-shared', 'src-main/isolation'],
  'src-main/trainer': ['src-shared', 'src-main/isolation', 'src-main/gan', 'src-main/engine', 'src-main/store'],
  'src-main/studio': [
    'src-shared',
    'src-main/isolation',
    'src-main/gan',
    'src-main/engine',
    'src-main/store',
    'src-main/trainer',
  ],
  'src-main/hosts': ['src-shared', 'src-main/isolation', 'src-main/engine', 'src-main/store', 'src-main/studio'],
  'src-renderer': ['src-shared'],
};

const escaped = (folder) => folder.replaceAll('/', '\\/');
const inside = (folders) => `^(${folders.map(escaped).join('|')})\\/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(matrix).map(([folder, allowed]) => ({
      name: `${folder} imports its own side alone`,
      severity: 'error',
      from: { path: inside([folder]), pathNot: '\\.test\\.ts$' },
      to: { path: '^src-', pathNot: inside([folder, ...allowed]) },
    })),
    {
      name: 'no circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every file belongs to a room',
      severity: 'error',
      from: { path: '^src-', pathNot: inside(Object.keys(matrix)) },
      to: {},
    },
    {
      name: 'the file system belongs to the store',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/store/', '^src-main/hosts/launch/', '\\.test\\.ts$'] },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'src-shared is free of Node and DOM libraries at run time',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['core', 'npm'],
        path: '.',
        pathNot: ['node_modules/zod', 'node_modules/@tensorflow/tfjs-core'],
      },
    },
    {
      name: 'a layer knows TensorFlow.js by its types alone',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/@tensorflow', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node(-gpu)?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|tests)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'src-main/tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'svelte', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'],
    },
  },
};
