import { defineCheck, fine, problem } from '../define-check.ts';

export const nodeVersion = defineCheck({
  name: 'node-version',
  title: 'Node.js',
  async look({ node }) {
    const major = Number(/^v?(\d+)/.exec(node.version)?.[1] ?? 0);
    return major >= 24 ? fine(`${node.version} (${node.path})`) : problem(`${node.version} is too old`, 'start the program with bin/wirewatch.mjs, which brings its own Node');
  },
});

export default nodeVersion;
