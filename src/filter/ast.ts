import type { Span } from './filter-error.ts';

/** Comparisons by one name each; the spellings are in the parser. */
export type CompareOp = 'any_eq' | 'all_ne' | 'all_eq' | 'any_ne' | 'gt' | 'ge' | 'lt' | 'le' | 'contains' | 'matches';
export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '&';
/** `any X op Y`, `all X op Y`; null = the operator's own meaning. */
export type Quantifier = 'any' | 'all' | null;

/** One part of a slice or of a layer selector: first position and last one, negative = from the end, null = to the end. */
export interface Range {
  readonly start: number;
  /** Exactly one of both is used: bytes from `start`, or the last position; both null = to the end. */
  readonly length: number | null;
  readonly last: number | null;
}

export interface WordNode extends Span {
  readonly kind: 'word';
  readonly text: string;
  /** `ip.src#2`, `#[1-3]`; null = every layer. */
  readonly layers: readonly Range[] | null;
  /** `@field`: the raw bytes. */
  readonly raw: boolean;
}
export interface StringNode extends Span {
  readonly kind: 'string';
  readonly text: string;
}
export interface CharNode extends Span {
  readonly kind: 'char';
  readonly code: number;
}
export interface ReferenceNode extends Span {
  readonly kind: 'reference';
  readonly field: string;
}
export interface SliceNode extends Span {
  readonly kind: 'slice';
  readonly of: ValueNode;
  readonly ranges: readonly Range[];
}
export interface CallNode extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ValueNode[];
}
export interface ArithmeticNode extends Span {
  readonly kind: 'arithmetic';
  readonly op: ArithmeticOp;
  readonly left: ValueNode;
  readonly right: ValueNode;
}
export interface NegateNode extends Span {
  readonly kind: 'negate';
  readonly of: ValueNode;
}

export type ValueNode = WordNode | StringNode | CharNode | ReferenceNode | SliceNode | CallNode | ArithmeticNode | NegateNode;

export interface ExistsNode extends Span {
  readonly kind: 'exists';
  readonly value: ValueNode;
}
export interface CompareNode extends Span {
  readonly kind: 'compare';
  readonly op: CompareOp;
  readonly quantifier: Quantifier;
  readonly left: ValueNode;
  readonly right: ValueNode;
  /** The operator as it was written, for errors. */
  readonly spelling: string;
  /** Part of a chain (`60 < frame.len < 100`): only there may a constant stand on the left. */
  readonly chained: boolean;
}
export interface MemberNode extends Span {
  readonly kind: 'member';
  readonly quantifier: Quantifier;
  readonly value: ValueNode;
  readonly elements: readonly MemberElement[];
}
export interface MemberElement {
  readonly low: ValueNode;
  /** Upper end of `low .. high`; null = the single value. */
  readonly high: ValueNode | null;
}
export interface NotNode extends Span {
  readonly kind: 'not';
  readonly of: ExprNode;
}
export interface LogicNode extends Span {
  readonly kind: 'and' | 'or' | 'xor';
  readonly left: ExprNode;
  readonly right: ExprNode;
}

/** A filter as written, before fields and types are known. */
export type ExprNode = ExistsNode | CompareNode | MemberNode | NotNode | LogicNode;
