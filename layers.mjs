// The law of the layers, and the order in which to read the code: each folder of src/ with the folders it may import.
// Type imports count. `npm run check` enforces it; test/contract/layers.test.ts shows that it bites.
export const LAYERS = {
  base: [],
  filter: ['base'],
  model: ['base', 'filter'],
  stream: ['base', 'model'],
  wire: ['base', 'filter', 'model', 'stream'],
  pcap: ['base', 'wire'],
  flow: ['base', 'filter', 'model', 'stream', 'wire'],
  inspect: ['base', 'filter', 'model', 'stream', 'wire', 'flow'],
  native: ['base'],
  capture: ['base', 'wire', 'pcap', 'native', 'model'],
  collect: ['base', 'model', 'wire'],
  probe: ['base', 'model', 'wire', 'native'],
  inventory: ['base', 'filter', 'model'],
  detect: ['base', 'filter', 'model'],
  alert: ['base', 'filter', 'model'],
  incident: ['base', 'filter', 'model'],
  case: ['base', 'model'],
  notify: ['base', 'model'],
  respond: ['base', 'model'],
  report: ['base', 'model'],
  export: ['base', 'filter', 'model', 'wire'],
  store: ['base', 'filter', 'model'],
  config: ['base', 'model'],
  pipeline: ['base', 'filter', 'model', 'stream', 'wire', 'pcap', 'flow', 'inspect', 'native', 'capture', 'collect', 'probe',
    'inventory', 'detect', 'alert', 'incident', 'case', 'notify', 'respond', 'report', 'export', 'store', 'config'],
  doctor: ['base', 'model'],
  drill: ['base', 'model'],
  api: ['base', 'filter', 'model', 'report', 'store', 'pipeline'],
  console: ['base', 'filter', 'model'],
  cli: ['*'],
  app: ['*'],
};

/** Folders without I/O, clock or randomness: time and chance come in as arguments. */
export const PURE = ['base', 'filter', 'model', 'stream', 'wire', 'pcap', 'flow', 'inspect', 'inventory', 'detect', 'alert',
  'incident', 'case', 'report', 'export'];

/** Folders where a file is one thing of its kind: such a file imports no neighbour, and is listed by a generated manifest. */
export const EXTENSION_FOLDERS = ['wire/protocols', 'probe/types', 'detect/detectors', 'notify/channels', 'respond/actions',
  'store/adapters', 'doctor/checks', 'drill/scenarios', 'api/routes', 'cli/commands', 'console/pages', 'export/formats', 'export/logs', 'export/statistics', 'collect/formats'];
