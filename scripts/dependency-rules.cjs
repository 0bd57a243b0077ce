// The layer law of layers.mjs as dependency-cruiser's rules. Called by scripts/check-layers.mjs, which also asserts that the
// tool saw every module: one of its versions passes silently on nothing.
const { LAYERS, EXTENSION_FOLDERS } = require('../layers.mjs');

const layerRules = Object.entries(LAYERS)
  .filter(([, allowed]) => !allowed.includes('*'))
  .map(([layer, allowed]) => ({
    name: `layer-${layer}`,
    severity: 'error',
    comment: `${layer} may import ${allowed.join(', ') || 'nothing'} (layers.mjs)`,
    from: { path: `^src/${layer}/`, pathNot: '\\.test\\.tsx?$' },
    to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})/` },
  }));

const neighbourRules = EXTENSION_FOLDERS.map((folder) => ({
  name: `no-neighbour-${folder.replace('/', '-')}`,
  severity: 'error',
  comment: `a file in ${folder} imports no neighbour`,
  from: { path: `^src/${folder}/[^/]+$`, pathNot: '\\.test\\.tsx?$' },
  to: { path: `^src/${folder}/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...neighbourRules,
    {
      name: 'api-sees-services-only',
      severity: 'error',
      comment: 'the API knows the pipeline by the interfaces of pipeline/services.ts',
      from: { path: '^src/api/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/pipeline/', pathNot: '^src/pipeline/services\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', comment: 'no cycles', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'native-in-child-processes',
      severity: 'error',
      comment: 'koffi calls live in native/, which entry points of child processes alone load',
      from: { path: '^src/', pathNot: '^src/(native|capture|probe)/|\\.test\\.ts$' },
      to: { path: '^src/native/' },
    },
    {
      name: 'tests-import-down-only',
      severity: 'error',
      comment: 'product code imports no test',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(test|bench|fuzz|scripts)/|\\.test\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
