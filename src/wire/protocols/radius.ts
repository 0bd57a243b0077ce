import { u16be } from '../../base/bytes.ts';
import { RADIUS_CODES, RADIUS_VALUES, radiusFields } from '../codecs/radius-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 20;
const CHAP_PASSWORD = 3;
const VENDOR_SPECIFIC = 26;
const EVENT_TIMESTAMP = 55;
const EAP_MESSAGE = 79;
/** Attributes of tunnels have a tag in front of their values (RFC 2868 §3). */
const TAGGED: ReadonlySet<number> = new Set([64, 65, 66, 67, 69, 81, 82, 83, 90, 91]);
/** Codes of requests; what answers them is the others. */
const REQUESTS: ReadonlySet<number> = new Set([1, 4, 12, 13, 40, 43]);

const F = radiusFields;

export const radius = defineDissector({
  name: 'radius',
  title: 'RADIUS Protocol',
  spec: ['RFC 2865 §3', 'RFC 2866', 'RFC 2868', 'RFC 3579', 'RFC 5176'],
  over: { 'udp.port': [1645, 1646, 1700, 1812, 1813, 3799] },
  fields: radiusFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    const b = p.bytes;
    const length = u16be(b, at + 2);
    if (length < HEADER_LEN || !(b[at] in RADIUS_CODES)) return DECLINE;
    p.put(F.authenticator, at + 4, 16);
    if (p.track) pair(p, at, REQUESTS.has(b[at]));
    if (at + length > p.wireEnd) return p.tooShort(length);
    const attributesEnd = Math.min(end, at + length);
    const eap = putAttributes(p, at + HEADER_LEN, attributesEnd);
    if (eap > 0) readEap(p, at + HEADER_LEN, attributesEnd, eap);
    return end < p.wireEnd && at + length > end ? p.tooShort(length) : DONE;
  },
  info: (row) => `${(RADIUS_CODES as Readonly<Record<number, string>>)[row.num(F.code)]} id=${row.num(F.id)}`,
});
export default radius;

/** Pairs a response with its request by identifier, and finds requests that came again. */
function pair(p: PacketView, at: number, isRequest: boolean): void {
  p.putInt(isRequest ? F.req : F.rsp, at, 0, 1);
  if (p.flow < 0) return;
  const { pending } = p.trackers;
  const kind = p.id('radius');
  const id = p.bytes[at + 1];
  const i = pending.find(kind, p.flow, id);
  if (isRequest) {
    if (i >= 0 && pending.extra[i] === 0 && pending.frame[i] !== p.frame) {
      p.putInt(F.dup, at, 0, id);
      p.putInt(F.reqDup, at, 0, pending.frame[i]);
      return;
    }
    pending.ask(kind, p.flow, id, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  if (i < 0) return;
  p.putInt(F.reqframe, at, 0, pending.frame[i]);
  p.putSince(F.time, pending.seconds[i], pending.nanos[i]);
  if (pending.extra[i] === 0) pending.extra[i] = p.frame;
}

/** Puts attributes; returns how many bytes of EAP they hold together. */
function putAttributes(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  let eap = 0;
  for (let i = at; i + 2 <= end;) {
    const type = b[i];
    const length = b[i + 1];
    if (length < 2 || i + length > end) return 0;
    p.put(F.avp, i, length);
    p.put(F.avpType, i, 1);
    p.put(F.avpLength, i + 1, 1);
    if (length > 2) putValue(p, type, i + 2, i + length);
    if (type === EAP_MESSAGE) eap += length - 2;
    i += length;
  }
  return eap;
}

function putValue(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  if (type === VENDOR_SPECIFIC) {
    if (end - at < 4) return;
    p.put(F.avpVendorId, at, 4);
    for (let i = at + 4; i + 2 <= end && b[i + 1] >= 2; i += b[i + 1]) {
      p.put(F.avpVendorType, i, 1);
      p.put(F.avpVendorLen, i + 1, 1);
    }
    return;
  }
  const field = RADIUS_VALUES[type];
  if (field === undefined) return;
  const from = TAGGED.has(type) && (field.type !== 'string' || b[at] <= 0x1f) ? at + 1 : at;
  const size = end - from;
  if (type === EVENT_TIMESTAMP) {
    if (size === 4) p.putTime(field, at, 4, b[at] * 0x1000000 + (b[at + 1] << 16) + (b[at + 2] << 8) + b[at + 3], 0);
    return;
  }
  if ((field.type === 'u32' && size > 4) || (field.type === 'ipv4' && size !== 4) || (field.type === 'ipv6' && size !== 16)) return;
  p.put(field, from, size);
  if (type === CHAP_PASSWORD && size > 1) {
    p.put(F.CHAPIdent, at, 1);
    p.put(F.CHAPString, at + 1, size - 1);
  }
}

/** Hands the EAP packet of the message on, put together where several attributes hold it (RFC 3579 §3.1). */
function readEap(p: PacketView, at: number, end: number, length: number): void {
  const eap = p.id('eap');
  if (eap === 0 || length < 4) return;
  const b = p.bytes;
  const whole = new Uint8Array(length);
  let n = 0;
  for (let i = at; i + 2 <= end; i += b[i + 1]) {
    if (b[i] !== EAP_MESSAGE) continue;
    if (b[i + 1] - 2 === length) {
      p.call(eap, i + 2, i + b[i + 1]);
      return;
    }
    whole.set(b.subarray(i + 2, i + b[i + 1]), n);
    n += b[i + 1] - 2;
  }
  const source = p.derive(whole, 'reassembled');
  if (source >= 0) p.callSource(eap, source);
}
