import { u16be } from '../../base/bytes.ts';
import { putAttributes } from '../codecs/bgp-attributes.ts';
import { BGP_MESSAGES, bgpFields } from '../codecs/bgp-fields.ts';
import { putCapability, putOpen } from '../codecs/bgp-open.ts';
import { AFI_IPV4, SAFI_UNICAST, putRoutes } from '../codecs/bgp-routes.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

const HEADER_LEN = 19;
const MARKER_LEN = 16;
const MAX_LEN = 65_535;

const OPEN = 1;
const UPDATE = 2;
const NOTIFICATION = 3;
const REFRESH = 5;
const REFRESH_CISCO = 0x80;
const CAPABILITY = 6;

// Error codes (RFC 4271 §4.5).
const CEASE = 6;
const SHUTDOWN = 2;
const RESET = 4;

const F = bgpFields;
const MINOR_ERRORS = [
  F.notifyMinorErrorUnknown, F.notifyMinorError, F.notifyMinorErrorOpen, F.notifyMinorErrorUpdate, F.notifyMinorErrorExpired, F.notifyMinorErrorState,
  F.notifyMinorErrorCease, F.notifyMinorErrorCapability,
];
const REFRESH_PART = layout({ 19: F.refreshAfi, 21: F.refreshSubtype, 22: F.refreshSafi });

/** True where a marker of sixteen 0xff stands at `at`. */
function isMarker(b: Uint8Array, at: number): boolean {
  for (let i = at; i < at + MARKER_LEN; i++) if (b[i] !== 0xff) return false;
  return true;
}

/** BGP-4: messages behind a marker and a length, one after the other. */
export const bgp = defineDissector({
  name: 'bgp',
  title: 'Border Gateway Protocol',
  spec: ['RFC 4271', 'RFC 4760', 'RFC 5492', 'RFC 7911', 'RFC 8092', 'RFC 9252'],
  over: { 'tcp.port': [179] },
  fields: bgpFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    // A conversation that the capture joined in the middle of a message goes on at its next marker.
    if (end - at >= MARKER_LEN && !isMarker(b, at)) {
      let next = at + 1;
      while (next + MARKER_LEN <= end && !isMarker(b, next)) next++;
      if (next + MARKER_LEN > end) next = end;
      p.put(F.continuation, at, next - at);
      if (next < end) p.payload(next, p.wireEnd);
      return DONE;
    }
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at)) === DONE ? p.tooShort(HEADER_LEN) : p.more(HEADER_LEN - (end - at));
    const length = u16be(b, at + MARKER_LEN);
    if (length < HEADER_LEN || length > MAX_LEN) {
      p.put(F.marker, at, MARKER_LEN);
      return unfit(p);
    }
    const next = at + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    p.put(F.marker, at, MARKER_LEN);
    const whole = putMessage(p, at, Math.min(next, end));
    if (!whole) return end < next ? p.tooShort(length) : DONE;
    if (next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => row.all(F.type).map((type) => (BGP_MESSAGES as Readonly<Record<string, string>>)[type] ?? `Type ${type}`).join(', '),
});
export default bgp;

function putMessage(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  switch (b[at + 18]) {
    case OPEN: return putOpen(p, at, end);
    case UPDATE: return putUpdate(p, at, end);
    case NOTIFICATION: return putNotification(p, at, end);
    case REFRESH: case REFRESH_CISCO: return putLayout(p, REFRESH_PART, at, end);
    case CAPABILITY:
      for (let i = at + HEADER_LEN; i + 3 <= end;) {
        p.put(F.capAction, i, 1);
        i = putCapability(p, i + 1, end);
      }
      return true;
    default: return true;
  }
}

/** Routes that go, attributes, routes that come (RFC 4271 §4.3). */
function putUpdate(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  let i = at + HEADER_LEN;
  if (end - i < 2) return false;
  const withdrawn = u16be(b, i);
  p.put(F.updateWithdrawnRoutesLength, i, 2);
  i += 2;
  if (i + withdrawn + 2 > end) return false;
  if (withdrawn > 0) {
    p.put(F.updateWithdrawnRoutes, i, withdrawn);
    putRoutes(p, F.withdrawnPrefix, F.withdrawnPrefix, AFI_IPV4, SAFI_UNICAST, i, i + withdrawn);
  }
  i += withdrawn;
  const attributes = u16be(b, i);
  p.put(F.updatePathAttributesLength, i, 2);
  i += 2;
  if (attributes > 0) {
    p.put(F.updatePathAttributes, i, Math.min(attributes, end - i));
    putAttributes(p, i, Math.min(end, i + attributes));
  }
  i += attributes;
  if (i > end) return false;
  if (i < end) {
    p.put(F.updateNlri, i, end - i);
    putRoutes(p, F.nlriPrefix, F.nlriPrefix, AFI_IPV4, SAFI_UNICAST, i, end);
  }
  return true;
}

function putNotification(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < HEADER_LEN + 2) return false;
  const major = b[at + 19];
  const minor = b[at + 20];
  p.put(F.notifyMajorError, at + 19, 1);
  p.put(MINOR_ERRORS[major] ?? F.notifyMinorErrorUnknown, at + 20, 1);
  const data = at + 21;
  if (data >= end) return true;
  // Why a session is shut down or reset, in words (RFC 9003).
  if (major === CEASE && (minor === SHUTDOWN || minor === RESET)) {
    const length = b[data];
    p.put(F.notifyCommunicationLength, data, 1);
    if (length > 0 && data + 1 + length <= end) p.put(F.notifyCommunication, data + 1, length);
    else if (length > 0) p.put(F.notifyMinorData, data + 1, end - data - 1);
  } else p.put(F.notifyMinorData, data, end - data);
  return true;
}
