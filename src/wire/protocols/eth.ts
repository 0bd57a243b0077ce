import * as bytes from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import * as etherPayload from '../ether-payload.ts';
import { macText } from '../field-text.ts';
import type { PacketView } from '../packet-view.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be, u32be } = bytes;
const { etherPayloadEnd } = etherPayload;

const TYPE = 12;
const HEADER_LEN = 14;
/** Smaller values are the length of an 802.3 frame (IEEE 802.3 §3.2.6). */
const FIRST_TYPE = 0x600;
const LAST_LENGTH = 1500;
/** Shortest frame without its check sequence: shorter ones are padded. */
const SHORTEST = 60;
const FCS_LEN = 4;

const FCS_UNVERIFIED = 2;
const LG = { also: ['eth.lg'] };
const IG = { also: ['eth.ig'] };
export const ethFields = defineFields({
  dst: { name: 'eth.dst', ...fixed('ether', 0, 'Destination', { also: ['eth.addr'] }) },
  dstOui: { name: 'eth.dst.oui', ...fixed('u24', 0, 'Destination OUI', { also: ['eth.addr.oui'] }) },
  dstLg: { name: 'eth.dst.lg', ...fixed('boolean', 0, 'LG bit', { size: 3, mask: 0x020000, ...LG }) },
  dstIg: { name: 'eth.dst.ig', ...fixed('boolean', 0, 'IG bit', { size: 3, mask: 0x010000, ...IG }) },
  src: { name: 'eth.src', ...fixed('ether', 6, 'Source', { also: ['eth.addr'] }) },
  srcOui: { name: 'eth.src.oui', ...fixed('u24', 6, 'Source OUI', { also: ['eth.addr.oui'] }) },
  srcLg: { name: 'eth.src.lg', ...fixed('boolean', 6, 'LG bit', { size: 3, mask: 0x020000, ...LG }) },
  srcIg: { name: 'eth.src.ig', ...fixed('boolean', 6, 'IG bit', { size: 3, mask: 0x010000, ...IG }) },
  dstResolved: { name: 'eth.dst_resolved', ...put('string', 'Destination (resolved)', { also: ['eth.addr_resolved'] }) },
  srcResolved: { name: 'eth.src_resolved', ...put('string', 'Source (resolved)', { also: ['eth.addr_resolved'] }) },
  type: { name: 'eth.type', ...put('u16', 'Type', { base: 'hex' }) },
  len: { name: 'eth.len', ...put('u16', 'Length') },
  invalid: { name: 'eth.invalid_lentype', ...put('u16', 'Invalid length/type', { base: 'hex_dec' }) },
  padding: { name: 'eth.padding', ...put('bytes', 'Padding') },
  trailer: { name: 'eth.trailer', ...put('bytes', 'Trailer') },
  fcs: { name: 'eth.fcs', ...put('u32', 'Frame check sequence', { base: 'hex' }) },
  fcsStatus: { name: 'eth.fcs.status', ...put('u8', 'FCS Status', { base: 'none', values: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' } }) },
  srcGroup: { name: 'eth.src_not_group', ...put('none', 'Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)') },
  paddingBad: { name: 'eth.padding_bad', ...put('none', "Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.") },
  lenPastEnd: { name: 'eth.len.past_end', ...put('none', 'Length field value goes past the end of the payload') },
});
const F = ethFields;

/**
 * What stands behind the payload: padding up to the shortest frame, which is zeros, then a trailer, whose last four bytes are the
 * check sequence where the frame is long enough to have one. Padding that is not of zeros cannot be told from a trailer.
 */
function putTrailer(p: PacketView, at: number, last: number, noticer: string): void {
  const b = p.bytes;
  let end = p.end;
  const whole = p.end === p.wireEnd;
  if (whole && end - last >= FCS_LEN && end - at >= SHORTEST + FCS_LEN) {
    end -= FCS_LEN;
    p.put(F.fcs, end, FCS_LEN);
    p.putInt(F.fcsStatus, end, 0, FCS_UNVERIFIED);
  }
  const padded = Math.max(last, Math.min(end, at + SHORTEST));
  let zeros = last;
  while (zeros < padded && b[zeros] === 0) zeros++;
  const isPadding = zeros === padded;
  if (isPadding && padded > last) p.put(F.padding, last, padded - last);
  const trailer = isPadding ? padded : last;
  if (trailer < end) p.put(F.trailer, trailer, end - trailer);
  if (!isPadding) p.expertOf(p.id(noticer), 'note', 'protocol', 'eth.padding_bad', last, 0);
}

export const eth = defineDissector({
  name: 'eth',
  title: 'Ethernet',
  short: 'Ethernet',
  spec: ['IEEE 802.3'],
  over: { link: [1] },
  tables: ['ethertype'],
  fields: ethFields,
  leastHead: HEADER_LEN,
  heir: (p, at, end) => (end - at >= HEADER_LEN && isInterSwitch(p.bytes, at) ? p.id('isl') : 0),
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    p.ethAt = at;
    if (p.wants(F.dstResolved)) p.putText(F.dstResolved, at, 6, macText(b, at));
    if (p.wants(F.srcResolved)) p.putText(F.srcResolved, at + 6, 6, macText(b, at + 6));
    if ((b[at + 6] & 1) !== 0) p.expert('warn', 'protocol', 'eth.src_not_group', at + 6, 6);
    const type = u16be(b, at + TYPE);
    const payload = at + HEADER_LEN;
    if (type >= FIRST_TYPE) {
      p.put(F.type, at + TYPE, 2);
      const last = p.detail ? etherPayloadEnd(b, type, payload, p.end, p.wireEnd) : -1;
      if (last > 0 && last < p.end) putTrailer(p, at, last, 'ethertype');
      p.payload(payload, p.wireEnd);
      return p.next('ethertype', type);
    }
    if (type > LAST_LENGTH) {
      p.put(F.invalid, at + TYPE, 2);
      p.payload(payload, p.wireEnd);
      return 0;
    }
    p.put(F.len, at + TYPE, 2);
    if (payload + type > p.wireEnd) p.expert('error', 'malformed', 'eth.len.past_end', at + TYPE, 2);
    if (p.detail && payload + type < p.end) putTrailer(p, at, payload + type, 'eth');
    p.payload(payload, payload + type);
    // Novell's raw 802.3 has an IPX checksum of ones in place of an LLC head.
    if (end - payload >= 4 && u32be(b, payload) >>> 16 === 0xffff) return p.id('ipx');
    return p.id('llc');
  },
});
export default eth;

/** Frames that Cisco's switches wrap for each other go to 01:00:0c:00:00, or 03:00:0c:00:00. */
function isInterSwitch(b: Uint8Array, at: number): boolean {
  return (b[at] & 0xfd) === 0x01 && b[at + 1] === 0 && b[at + 2] === 0x0c && b[at + 3] === 0 && b[at + 4] === 0;
}
