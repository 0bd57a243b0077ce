import type { ExprNode, ValueNode } from './ast.ts';
import { printRanges } from './ranges.ts';

const SIGNS: Readonly<Record<string, string>> = {
  any_eq: '==', all_ne: '!=', all_eq: '===', any_ne: '!==', gt: '>', ge: '>=', lt: '<', le: '<=', contains: 'contains', matches: 'matches',
};

/**
 * Text of a parsed filter in one canonical form: every group in parentheses or braces, so that it parses to the same tree.
 *
 * Filters that are kept (cases, detectors' options) are compared and shown by it.
 */
export function printFilter(e: ExprNode): string {
  switch (e.kind) {
    case 'exists':
      return printValue(e.value);
    case 'compare':
      return `${e.quantifier === null ? '' : `${e.quantifier} `}${printValue(e.left)} ${SIGNS[e.op]} ${printValue(e.right)}`;
    case 'member': {
      const elements = e.elements.map((m) => (m.high === null ? printValue(m.low) : `${printValue(m.low)} .. ${printValue(m.high)}`));
      return `${e.quantifier === null ? '' : `${e.quantifier} `}${printValue(e.value)} in {${elements.join(', ')}}`;
    }
    case 'not':
      return `not ${grouped(e.of)}`;
    default:
      return `${grouped(e.left)} ${e.kind} ${grouped(e.right)}`;
  }
}

function grouped(e: ExprNode): string {
  return e.kind === 'exists' || e.kind === 'not' ? printFilter(e) : `(${printFilter(e)})`;
}

function printValue(v: ValueNode): string {
  switch (v.kind) {
    case 'word':
      return `${v.raw ? '@' : ''}${v.text}${v.layers === null ? '' : `#[${printRanges(v.layers)}]`}`;
    case 'string':
      return `"${Array.from(v.text, printCharacter).join('')}"`;
    case 'char':
      return `'\\x${v.code.toString(16).padStart(2, '0')}'`;
    case 'reference':
      return `\${${v.field}}`;
    case 'slice':
      return `${printOperand(v.of)}[${printRanges(v.ranges)}]`;
    case 'call':
      return `${v.name}(${v.args.map(printValue).join(', ')})`;
    case 'negate':
      return `-${printOperand(v.of)}`;
    case 'arithmetic':
      return `${printOperand(v.left)} ${v.op} ${printOperand(v.right)}`;
  }
}

function printCharacter(c: string): string {
  if (c === '"' || c === '\\') return `\\${c}`;
  return c < ' ' || c === '\x7f' ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c;
}

function printOperand(v: ValueNode): string {
  return v.kind === 'arithmetic' || v.kind === 'negate' ? `{${printValue(v)}}` : printValue(v);
}
