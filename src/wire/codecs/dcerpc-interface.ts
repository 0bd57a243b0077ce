import type { Field, ValueNames } from '../../filter/field.ts';
import type { Dissector } from '../define-dissector.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { dcerpcCall, interfaceKeyOf } from './dcerpc-talk.ts';
import { dcerpcFields } from './dcerpc-fields.ts';

/** An interface of DCE/RPC: a UUID and its operations. */
export interface InterfaceDefinition {
  readonly name: string;
  readonly title: string;
  readonly short: string;
  readonly spec: readonly string[];
  readonly uuids: readonly string[];
  readonly operations: ValueNames;
  /** Where the operation's number is put. */
  readonly opnum: Field;
  readonly fields?: Readonly<Record<string, Field>>;
  /** Puts fields of the stub, which is neither encrypted nor cut. */
  read?(p: PacketView, at: number, end: number): void;
}

/** The dissector of an interface: a heading of the hierarchy, and the number of the operation. */
export function defineInterface(d: InterfaceDefinition): Dissector {
  return defineDissector({
    name: d.name,
    title: d.title,
    spec: d.spec,
    over: { 'dcerpc.uuid': d.uuids.map(interfaceKeyOf) },
    short: d.short,
    column: d.short,
    hierarchy: 'heading',
    fields: { ...d.fields, opnum: d.opnum },
    dissect(p, at, end) {
      p.putInt(d.opnum, at, 0, dcerpcCall.opnum);
      if (dcerpcCall.isEncrypted) {
        if (end > at) p.put(dcerpcFields.encryptedStubData, at, end - at);
      } else {
        if (end > at) p.put(dcerpcFields.payloadStubData, at, end - at);
        d.read?.(p, at, end);
      }
      return DONE;
    },
    info: (row) => `${d.operations[row.num(d.opnum)] ?? `operation ${row.num(d.opnum)}`} ${row.num(dcerpcFields.pktType) === 2 ? 'response' : 'request'}`,
  });
}
