import type { Field } from '../../filter/field.ts';
import type { Dissector } from '../define-dissector.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { rpcMessage } from './rpc-talk.ts';

/** A program of ONC RPC: its number, and the field of its procedures by version. */
export interface ProgramDefinition {
  readonly name: string;
  readonly title: string;
  readonly short: string;
  readonly spec: readonly string[];
  readonly programs: readonly number[];
  readonly procedures: Readonly<Record<number, Field>>;
  readonly fields: Readonly<Record<string, Field>>;
  /** Puts arguments or results: `rpcMessage` says which. */
  read?(p: PacketView, at: number, end: number): void;
}

export function defineProgram(d: ProgramDefinition): Dissector {
  return defineDissector({
    name: d.name,
    title: d.title,
    spec: d.spec,
    over: { 'rpc.program': d.programs },
    short: d.short,
    column: d.short,
    hierarchy: 'filled',
    fields: d.fields,
    dissect(p, at, end) {
      const procedure = d.procedures[rpcMessage.version];
      if (procedure !== undefined) p.putInt(procedure, at, 0, rpcMessage.procedure);
      if (end > at) d.read?.(p, at, end);
      return DONE;
    },
    info: (row) => {
      for (const f of Object.values(d.procedures)) if (row.has(f)) return f.values?.[row.num(f)] ?? `procedure ${row.num(f)}`;
      return d.title;
    },
  });
}
