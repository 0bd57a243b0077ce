// Rules of our own for oxlint: pure code has neither clock nor chance, and the packet path allocates nothing.
// test/contract/lint.test.ts shows that each fires.

const CLOCKS = { Date: 'time', performance: 'time', setTimeout: 'time', setInterval: 'time', setImmediate: 'time', queueMicrotask: 'time' };

/** In pure folders: no Date, no Math.random, no timers. Instants and random bytes are arguments. */
const pureNoClock = {
  create(context) {
    return {
      Identifier(node) {
        if (!Object.hasOwn(CLOCKS, node.name)) return;
        const parent = node.parent;
        if (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) return;
        if (parent?.type === 'Property' && parent.key === node && !parent.computed && parent.value !== node) return;
        if (parent?.type?.startsWith('TS')) return;
        context.report({ node, message: `pure code takes ${CLOCKS[node.name]} as an argument: no ${node.name} here` });
      },
      MemberExpression(node) {
        if (node.object.type === 'Identifier' && node.object.name === 'Math' && node.property.type === 'Identifier' && node.property.name === 'random') {
          context.report({ node, message: 'pure code takes randomness as an argument: no Math.random here' });
        }
      },
    };
  },
};

const PACKET_PATH_METHODS = new Set(['dissect', 'heuristic', 'recognise']);
const FORBIDDEN = {
  ObjectExpression: 'an object literal',
  ArrayExpression: 'an array literal',
  ArrowFunctionExpression: 'a closure',
  FunctionExpression: 'a closure',
  SpreadElement: 'a spread',
  TemplateLiteral: 'a template string',
  ThrowStatement: 'a throw',
  NewExpression: 'a new object',
};

/** Inside `dissect`, `heuristic` and `recognise`: nothing that allocates or throws for each packet. */
const packetPathNoAllocation = {
  create(context) {
    const stack = [];
    const isPath = (node) => {
      const parent = node.parent;
      return (parent?.type === 'Property' || parent?.type === 'MethodDefinition') && parent.key?.type === 'Identifier' && PACKET_PATH_METHODS.has(parent.key.name);
    };
    const enter = (node) => {
      if (stack.length > 0) report(node, 'a closure');
      if (isPath(node) || stack.length > 0) stack.push(node);
    };
    const leave = (node) => {
      if (stack.at(-1) === node) stack.pop();
    };
    const report = (node, what) => context.report({ node, message: `the packet path allocates nothing: ${what} here is made for every packet` });
    const visitor = {
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      ArrowFunctionExpression: enter,
      'ArrowFunctionExpression:exit': leave,
      Literal(node) {
        if (stack.length > 0 && (node.regex !== undefined || typeof node.bigint === 'string')) report(node, node.regex ? 'a regular expression' : 'a bigint');
      },
      CallExpression(node) {
        if (stack.length === 0 || node.callee.type !== 'MemberExpression' || node.callee.property.type !== 'Identifier') return;
        if (['subarray', 'slice', 'map', 'filter', 'concat', 'toString'].includes(node.callee.property.name)) report(node, `${node.callee.property.name}()`);
      },
    };
    for (const [type, what] of Object.entries(FORBIDDEN)) {
      if (type in visitor) continue;
      visitor[type] = (node) => {
        if (stack.length > 0) report(node, what);
      };
    }
    return visitor;
  },
};

export default {
  meta: { name: 'wirewatch' },
  rules: { 'pure-no-clock': pureNoClock, 'packet-path-no-allocation': packetPathNoAllocation },
};
