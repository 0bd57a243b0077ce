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
  for (let i = p.layers.count - 1; i > 0; i--) if (named(p, i) && !follows(p, i)) return i;
  return -1;
}

function named(p: Packet, i: number): boolean {
  return (p.layers.marks[i] & (INSIDE | PASSED)) === 0 && p.registry.dissectors[p.layers.id[i]].column !== null;
}

/** True where the layer adds to the name of the one below. */
function follows(p: Packet, i: number): boolean {
  const { column } = p.registry.dissectors[p.layers.id[i]];
  return typeof column === 'string' && column.startsWith('/');
}

function protocolName(p: Packet, top: number): string {
  if (top < 0) return p.layers.count > 1 ? 'DATA' : '';
  const { column } = p.registry.dissectors[p.layers.id[top]];
  let name = typeof column === 'function' ? column(infoRow(p)) : (column ?? '');
  for (let i = top + 1; i < p.layers.count; i++) if (named(p, i)) name += String(p.registry.dissectors[p.layers.id[i]].column);
  for (let i = top - 1; i > 0; i--) {
    const { around, short } = p.registry.dissectors[p.layers.id[i]];
    if (around) return `${short} <${name}>`;
  }
  return name;
}

/** Addresses of the innermost layer that has some: of the network, of a link. */
function ends(p: Packet): [string, string] {
  for (let i = p.layers.count - 1; i > 0; i--) {
    const { name, ends: endsOf } = p.registry.dissectors[p.layers.id[i]];
    if (p.ipVersion !== 0 && (name === 'ip' || name === 'ipv6')) {
      const b = p.row.sources[p.networkSource];
      const family = p.ipVersion;
      return [formatIp(ipHex(b, p.srcAt, family)), formatIp(ipHex(b, p.dstAt, family))];
    }
    if (endsOf !== undefined) return [...endsOf(infoRow(p))];
    if (name !== 'eth') continue;
    const b = p.row.sources[p.layers.source[i]];
    const at = p.layers.at[i];
    return [toHex(b, at + 6, at + 12, ':'), toHex(b, at, at + 6, ':')];
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
