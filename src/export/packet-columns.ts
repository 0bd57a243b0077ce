import { formatIp, ipHex } from '../base/ip.ts';
import { toHex } from '../base/bytes.ts';
import type { Field } from '../filter/field.ts';
import type { InfoRow } from '../wire/define-dissector.ts';
import { secondsText } from '../wire/field-text.ts';
import { INSIDE, PASSED } from '../wire/layer-table.ts';
import type { Packet } from '../wire/packet.ts';
import { valueText } from './value-text.ts';

/** The seven columns of a packet list. */
export interface PacketColumns {
  readonly number: number;
  /** Seconds since the first packet, six decimals. */
  readonly time: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
}

/** Columns of the packet at hand. Its demand must keep the tree: Info and the time are fields. */
export function readColumns(p: Packet): PacketColumns {
  const relative = p.registry.find('frame.time_relative');
  const time = relative === undefined || p.row.count(relative.id) === 0 ? '' : secondsText(p.row.seconds(relative.id, 0), p.row.nanoseconds(relative.id, 0), 6);
  const [source, destination] = ends(p);
  const top = topLayer(p);
  return { number: p.frame, time, source, destination, protocol: protocolName(p, top), length: p.wireLen, info: top < 0 ? '' : infoOf(p, top) };
}

/** The last layer that has a name in the list: payload that nobody reads, and contents of a protocol, belong to the layer below. */
function topLayer(p: Packet): number {
  for (let i = p.layers.count - 1; i > 0; i--) if ((p.layers.marks[i] & (INSIDE | PASSED)) === 0 && p.registry.dissectors[p.layers.id[i]].column !== null) return i;
  return -1;
}

function protocolName(p: Packet, top: number): string {
  if (top < 0) return p.layers.count > 1 ? 'DATA' : '';
  const { column } = p.registry.dissectors[p.layers.id[top]];
  return typeof column === 'function' ? column(infoRow(p)) : (column ?? '');
}

/** Innermost addresses: of the network where there is one, else of the link. */
function ends(p: Packet): [string, string] {
  if (p.ipVersion !== 0) {
    const b = p.row.sources[p.networkSource];
    const family = p.ipVersion;
    return [formatIp(ipHex(b, p.srcAt, family)), formatIp(ipHex(b, p.dstAt, family))];
  }
  for (let i = p.layers.count - 1; i > 0; i--) {
    const { ends: endsOf } = p.registry.dissectors[p.layers.id[i]];
    if (endsOf !== undefined) return [...endsOf(infoRow(p))];
  }
  if (p.ethAt >= 0) {
    const b = p.row.sources[0];
    return [toHex(b, p.ethAt + 6, p.ethAt + 12, ':'), toHex(b, p.ethAt, p.ethAt + 6, ':')];
  }
  return ['', ''];
}

function infoOf(p: Packet, top: number): string {
  const d = p.registry.dissectors[p.layers.id[top]];
  return d.info === undefined ? d.title : d.info(infoRow(p));
}

/** What a dissector's `info` reads: the values of the frame at hand. */
export function infoRow(p: Packet): InfoRow {
  const { row } = p;
  const texts = (field: Field): string[] => Array.from({ length: row.count(field.id) }, (_, i) => valueText(row, field, i));
  return {
    has: (field) => row.count(field.id) > 0,
    text: (field) => (row.count(field.id) > 0 ? valueText(row, field, 0) : ''),
    num: (field) => (row.count(field.id) > 0 ? row.num(field.id, 0) : Number.NaN),
    all: texts,
  };
}
