import { compileFilter, type Filter, type FilterOptions } from '../filter/compile-filter.ts';
import type { Scheme } from '../filter/field.ts';
import { filterError } from '../filter/filter-error.ts';
import { MemoryRow } from '../filter/memory-row.ts';
import type { FlowRecord } from './flow.ts';
import { findKeptField, KEPT_FIELDS, KEPT_SCHEME, type KeptField, type RememberedPacket } from './kept-fields.ts';
import type { ProtocolRecord } from './protocol-records.ts';

/** A flow with the records of its application protocols, as the store returns them. */
export interface StoredFlow {
  readonly flow: FlowRecord;
  readonly records: readonly ProtocolRecord[];
}

/** A display filter over stored flows: the same text as over packets. */
export interface StoredFlowFilter {
  readonly filter: Filter;
  /** True where some packet of the flow, as far as its records remember it, matches. */
  matches(stored: StoredFlow): boolean;
  /** Kinds of records that it must see; none = the flow alone suffices. */
  readonly kinds: readonly ProtocolRecord['kind'][];
}

/**
 * Compiles a display filter for stored flows.
 *
 * `packets` is the scheme of the dissectors, if at hand: a field that only packets have is then WW_FILTER_NOT_KEPT with what is
 * kept in its place, where otherwise it would just be unknown.
 */
export function compileStoredFlowFilter(text: string, packets?: Scheme, options: FilterOptions = {}): StoredFlowFilter {
  const scheme: Scheme = packets === undefined ? KEPT_SCHEME : {
    find: (name) => KEPT_SCHEME.find(name) ?? packets.find(name),
    names: () => packets.names(),
  };
  const filter = compileFilter(text, scheme, options);
  const fields: KeptField[] = [];
  for (const f of filter.fields) {
    const k = findKeptField(f.name);
    if (k === undefined || k.field !== f) refuseNotKept(f.name, text);
    fields.push(k);
  }
  const row = new RecordRow(fields);
  const kinds = RECORD_KINDS.filter((kind) => fields.some((k) => kindOfField(k.field.name) === kind));
  return {
    filter,
    kinds,
    matches(stored) {
      let found = false;
      forEachRememberedPacket(stored, (p) => {
        row.show(p);
        found = filter.matches(row);
        return found;
      });
      return found;
    },
  };
}

const RECORD_KINDS = ['dns', 'http', 'tls', 'dhcp'] as const;

function kindOfField(name: string): string {
  const head = name.split('.')[0];
  return head === 'mdns' || head === 'llmnr' ? 'dns' : head;
}

/** A row over one remembered packet, holding only the fields that somebody named. */
export class RecordRow extends MemoryRow {
  readonly #fields: readonly KeptField[];

  constructor(fields: readonly KeptField[] = KEPT_FIELDS) {
    super();
    this.#fields = fields;
  }

  /** Points the row at another packet. */
  show(p: RememberedPacket): void {
    this.clear();
    for (const k of this.#fields) for (const value of k.read(p)) this.add(k.field, value);
  }
}

/** DNS messages are another protocol of Wireshark's on these ports; null = one whose fields are not the DNS's. */
const DNS_NAMES: Readonly<Record<number, string | null>> = { 5353: 'mdns', 5355: 'llmnr', 137: null };

function dnsName(ends: { readonly srcPort: number; readonly dstPort: number }): string | null {
  for (const port of [ends.dstPort, ends.srcPort]) if (Object.hasOwn(DNS_NAMES, port)) return DNS_NAMES[port];
  return 'dns';
}

function protocolOf(record: ProtocolRecord): string | null {
  if (record.kind === 'dns') return dnsName(record);
  return record.kind === 'http' || record.kind === 'tls' || record.kind === 'dhcp' ? record.kind : null;
}

/**
 * Calls `visit` with every packet that the records remember, until it returns true.
 *
 * The messages of each record first, then for each direction one packet without a record, where the flow sent more packets than
 * its records account for.
 */
export function forEachRememberedPacket(stored: StoredFlow, visit: (p: RememberedPacket) => boolean): void {
  const { flow } = stored;
  const accounted: [number, number] = [0, 0];
  for (const record of stored.records) {
    const protocol = protocolOf(record);
    if (protocol === null) continue;
    // A record's own ends say who asked: of a flow whose first packet was an answer, the sides are exchanged.
    const swapped = record.srcIp === flow.dstIp && record.srcPort === flow.dstPort && !(record.srcIp === flow.srcIp && record.srcPort === flow.srcPort);
    for (const side of messagesOf(record)) {
      const dir = (side === 'request') === !swapped ? 0 : 1;
      accounted[dir]++;
      if (visit({ flow, dir, record, side, protocol })) return;
    }
  }
  const known = stored.records.some((r) => protocolOf(r) !== null) ? undefined : flow.service[0];
  const service = known === 'dns' ? dnsName(flow) : SERVICE_PROTOCOL[known ?? ''] ?? null;
  for (const dir of [0, 1] as const) {
    if ((dir === 0 ? flow.srcPackets : flow.dstPackets) <= accounted[dir]) continue;
    if (visit({ flow, dir, record: null, side: null, protocol: null })) return;
    if (service !== null && visit({ flow, dir, record: null, side: null, protocol: service })) return;
  }
}

/** Zeek's names of services in Wireshark's names of protocols. */
const SERVICE_PROTOCOL: Readonly<Record<string, string>> = { http: 'http', ssl: 'tls', dhcp: 'dhcp' };

type Side = 'request' | 'response';

/** Which messages of a record were seen. */
function messagesOf(record: ProtocolRecord): readonly Side[] {
  switch (record.kind) {
    case 'dns':
      return sides(record.queryFrame, record.responseFrame);
    case 'http':
      // A message belongs to the frame that completes it: a response that was cut short is in none.
      return sides(record.requestFrame, record.complete ? record.responseFrame : null);
    case 'tls':
      return sides(record.clientHelloFrame, record.serverHelloFrame);
    default:
      return ['request'];
  }
}

function sides(request: number | null, response: number | null): readonly Side[] {
  return request === null ? (response === null ? [] : ['response']) : response === null ? ['request'] : ['request', 'response'];
}

function refuseNotKept(name: string, text: string): never {
  const at = Math.max(0, text.indexOf(name));
  const head = name.split('.')[0];
  const near = KEPT_FIELDS.map((k) => k.field.name).filter((n) => n === head || n.startsWith(`${head}.`));
  throw filterError('WW_FILTER_NOT_KEPT', `Stored records do not keep "${name}".`, text, { at, len: name.length },
    near.length > 0 ? `Of ${head} they keep ${near.join(', ')}. A capture file has every field.` : `They keep ${[...new Set(KEPT_FIELDS.map((k) => k.field.name.split('.')[0]))].join(', ')}. A capture file has every field.`);
}
