import type { ArithmeticOp, CompareOp, Quantifier, Range } from './ast.ts';
import type { Span } from './filter-error.ts';
import type { Field, FieldType } from './field.ts';
import type { FilterFunction } from './functions.ts';
import type { Constant } from './literals.ts';

export interface FieldOperand {
  readonly kind: 'field';
  readonly field: Field;
  readonly layers: readonly Range[] | null;
  readonly raw: boolean;
  readonly type: FieldType;
}
export interface ConstantOperand extends Constant {
  readonly kind: 'constant';
  readonly type: FieldType;
}
/** The value of a field in the packet that the user has selected; nothing where none is. */
export interface ReferenceOperand {
  readonly kind: 'reference';
  readonly field: Field;
  readonly type: FieldType;
}
export interface SliceOperand {
  readonly kind: 'slice';
  readonly of: Operand;
  readonly ranges: readonly Range[];
  readonly type: FieldType;
}
export interface CallOperand {
  readonly kind: 'call';
  readonly fn: FilterFunction;
  readonly args: readonly Operand[];
  readonly type: FieldType;
}
export interface ArithmeticOperand {
  readonly kind: 'arithmetic';
  readonly op: ArithmeticOp;
  readonly left: Operand;
  readonly right: Operand;
  readonly type: FieldType;
}
export interface NegateOperand {
  readonly kind: 'negate';
  readonly of: Operand;
  readonly type: FieldType;
}
/** A value whose type is known. */
export type Operand = FieldOperand | ConstantOperand | ReferenceOperand | SliceOperand | CallOperand | ArithmeticOperand | NegateOperand;

export interface ElementTest {
  readonly low: Operand;
  readonly high: Operand | null;
}

/** A filter whose fields exist and whose types fit: what is compiled, and what SQL is made from. */
export type Test =
  | { readonly kind: 'exists'; readonly of: Operand }
  | { readonly kind: 'nonzero'; readonly of: Operand }
  | { readonly kind: 'compare'; readonly op: Exclude<CompareOp, 'matches'>; readonly quantifier: Quantifier; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'matches'; readonly quantifier: Quantifier; readonly left: Operand; readonly pattern: string; readonly span: Span }
  | { readonly kind: 'member'; readonly quantifier: Quantifier; readonly value: FieldOperand; readonly elements: readonly ElementTest[] }
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'and' | 'or' | 'xor'; readonly left: Test; readonly right: Test };
