import { u16le } from '../../base/bytes.ts';
import { cipFields } from '../codecs/cip-fields.ts';
import { putPath } from '../codecs/cip-paths.ts';
import type { CipRequest } from '../codecs/cip-requests.ts';
import { createCipConversation } from '../codecs/cip-requests.ts';
import { cutShort } from '../codecs/field-run.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = cipFields;
const RESPONSE = 0x80;
const GET_ATTRIBUTES = 0x03;
const SET_ATTRIBUTES = 0x04;
const MULTIPLE = 0x0a;
const SERVICES: Readonly<Record<number, string>> = {
  0x01: 'Get Attributes All', 0x02: 'Set Attributes All', 0x03: 'Get Attribute List', 0x04: 'Set Attribute List', 0x05: 'Reset', 0x06: 'Start', 0x07: 'Stop',
  0x08: 'Create', 0x09: 'Delete', 0x0a: 'Multiple Service Packet', 0x0e: 'Get Attribute Single', 0x10: 'Set Attribute Single', 0x4b: 'Execute PCCC',
  0x4c: 'Read Tag', 0x4d: 'Write Tag', 0x52: 'Unconnected Send', 0x54: 'Forward Open',
};
/** Packets of services within packets of services are not read deeper. */
const MAX_DEPTH = 4;

/** Common Industrial Protocol: explicit messages. */
export const cip = defineDissector({
  name: 'cip',
  title: 'Common Industrial Protocol',
  spec: ['CIP Volume 1 §2-4'],
  over: {},
  fields: cipFields,
  column: 'CIP',
  dissect(p, at, end) {
    const request = p.flow >= 0 ? p.trackers.state('cip', p.flow, createCipConversation).current : undefined;
    served = 0;
    return putService(p, at, end, request, 0) ? DONE : cutShort(p, end);
  },
  info: (row) => row.all(F.sc).map((code) => SERVICES[Number(code)] ?? `Service ${code}`).join(', '),
});

/** Services of the message that were begun: the place of the next one's path in the request. */
let served = 0;

function putService(p: PacketView, at: number, end: number, request: CipRequest | undefined, depth: number): boolean {
  if (at + 2 > end) return false;
  const b = p.bytes;
  const code = b[at] & 127;
  p.put(F.service, at, 1);
  p.put(F.rr, at, 1);
  p.put(F.sc, at, 1);
  const index = served++;
  if ((b[at] & RESPONSE) !== 0) return putResponse(p, at, end, code, request, index, depth);
  p.put(F.requestPathSize, at + 1, 1);
  const data = at + 2 + b[at + 1] * 2;
  if (data > end) return false;
  if (request !== undefined) request.paths[index] = b.slice(at + 2, data);
  p.put(F.epath, at + 2, data - at - 2);
  putPath(p, at + 2, data);
  return putData(p, data, end, code, request, depth, false);
}

function putResponse(p: PacketView, at: number, end: number, code: number, request: CipRequest | undefined, index: number, depth: number): boolean {
  if (at + 4 > end) return false;
  const path = request?.paths[index];
  if (path !== undefined) putRequestPath(p, path);
  p.put(F.genstat, at + 2, 1);
  const words = p.bytes[at + 3];
  p.put(F.addstatSize, at + 3, 1);
  const data = at + 4 + words * 2;
  if (data > end) return false;
  for (let i = 0; i < words; i++) p.put(F.addstat, at + 4 + 2 * i, 2);
  return putData(p, data, end, code, request, depth, true);
}

/** What was asked is told again with the answer. */
function putRequestPath(p: PacketView, path: Uint8Array): void {
  const { source, bytes } = p;
  const derived = p.derive(path, 'decoded');
  if (derived < 0) return;
  p.source = derived;
  p.bytes = path;
  p.putInt(F.requestPathSize, 0, 0, path.length >> 1);
  putPath(p, 0, path.length);
  p.source = source;
  p.bytes = bytes;
}

function putData(p: PacketView, at: number, end: number, code: number, request: CipRequest | undefined, depth: number, isResponse: boolean): boolean {
  if (at >= end) return true;
  if (code === MULTIPLE && depth < MAX_DEPTH && at + 2 <= end) return putPacked(p, at, end, request, depth);
  if ((code === GET_ATTRIBUTES || code === SET_ATTRIBUTES) && at + 2 <= end) return putAttributes(p, at, end, code, isResponse);
  p.put(F.data, at, end - at);
  return true;
}

/** Multiple Service Packet (CIP Volume 1 § ): a count, offsets, and services. */
function putPacked(p: PacketView, at: number, end: number, request: CipRequest | undefined, depth: number): boolean {
  const b = p.bytes;
  const count = u16le(b, at);
  p.put(F.mspNumServices, at, 2);
  if (at + 2 + count * 2 > end) return false;
  for (let i = 0; i < count; i++) p.put(F.mspOffset, at + 2 + 2 * i, 2);
  let last = 0;
  for (let i = 0; i < count; i++) {
    const from = u16le(b, at + 2 + 2 * i);
    const to = i + 1 < count ? u16le(b, at + 4 + 2 * i) : end - at;
    // Offsets must rise: services that overlap would be read again and again.
    if (from < last || to <= from || at + to > end) return false;
    last = to;
    p.put(F.mspOffset, at + 2 + 2 * i, 2);
    if (!putService(p, at + from, at + to, request, depth + 1)) return false;
  }
  return true;
}

function putAttributes(p: PacketView, at: number, end: number, code: number, isResponse: boolean): boolean {
  const get = code === GET_ATTRIBUTES;
  const count = u16le(p.bytes, at);
  p.put(get ? F.getlistAttrCount : F.setlistAttrCount, at, 2);
  let pos = at + 2;
  if (get && !isResponse) {
    for (let i = 0; i < count && pos + 2 <= end; i++, pos += 2) p.put(F.attribute, pos, 2);
    return true;
  }
  if (pos + 2 <= end) p.put(F.attribute, pos, 2);
  // Values are as long as their attribute defines: only the first can be found.
  if (isResponse && pos + 4 <= end) {
    p.put(get ? F.getlistAttrStatus : F.setlistAttrStatus, pos + 2, 2);
    pos += 2;
  }
  if (pos + 2 < end) p.put(F.data, pos + 2, end - pos - 2);
  return true;
}

export default cip;
