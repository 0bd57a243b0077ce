import { u16be, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { netbiosName } from '../codecs/netbios-name.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';

//  0      1       2..3
// | type | flags | length |   over port 139 (RFC 1002 §4.3.1); over port 445 the length has 24 bits and there are no flags
const HEADER_LEN = 4;
const MESSAGE = 0x00;
const REQUEST = 0x81;
const NEGATIVE = 0x83;
const RETARGET = 0x84;
const TYPES = {
  0: 'Session message', 0x81: 'Session request', 0x82: 'Positive session response', 0x83: 'Negative session response', 0x84: 'Retarget session response',
  0x85: 'Session keep-alive',
} as const;
const ERRORS = {
  0x80: 'Not listening on called name', 0x81: 'Not listening for called name', 0x82: 'Called name not present', 0x83: 'Called name present, but insufficient resources',
  0x8f: 'Unspecified error',
} as const;

export const nbssFields = defineFields({
  type: { name: 'nbss.type', ...put('u8', 'Message Type', { base: 'hex', values: TYPES }) },
  flags: { name: 'nbss.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  extend: { name: 'nbss.flags.e', ...put('boolean', 'Extend', { mask: 0x1 }) },
  length: { name: 'nbss.length', ...put('u24', 'Length') },
  error: { name: 'nbss.error_code', ...put('u8', 'Error code', { base: 'hex', values: ERRORS }) },
  retargetIp: { name: 'nbss.retarget_ip_address', ...put('ipv4', 'Retarget IP address') },
  retargetPort: { name: 'nbss.retarget_port', ...put('u16', 'Retarget port') },
  continuation: { name: 'nbss.continuation_data', ...put('bytes', 'Continuation data') },
  called: { name: 'nbss.called_name', ...put('string', 'Called name') },
  calling: { name: 'nbss.calling_name', ...put('string', 'Calling name') },
});
const F = nbssFields;

/** NetBIOS sessions, and the same framing directly over TCP: what carries SMB. */
export const nbss = defineDissector({
  name: 'nbss',
  title: 'NetBIOS Session Service',
  spec: ['RFC 1002 §4.3', 'MS-SMB2 §2.1'],
  over: { 'tcp.port': [139, 445] },
  tables: ['netbios'],
  stream: true,
  fields: nbssFields,
  dissect(p, at, end) {
    const b = p.bytes;
    const type = b[at];
    const isDirect = p.srcPort === 445 || p.dstPort === 445;
    // A lone NUL is a probe of TCP's, not the beginning of a message.
    if (type === MESSAGE && p.wireEnd - at === 1) return DECLINE;
    if (!(type in TYPES) || (isDirect && type !== MESSAGE && type !== 0x85)) {
      p.put(F.continuation, at, end - at);
      return DONE;
    }
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at)) === MORE ? MORE : p.tooShort(HEADER_LEN);
    const length = isDirect ? u24be(b, at + 1) : u16be(b, at + 2) | ((b[at + 1] & 1) << 16);
    const body = at + HEADER_LEN;
    const next = body + length;
    // The middle of a message whose start was not captured.
    if (type === MESSAGE && length > 0 && end - body >= 4 && !startsMessage(p, body)) {
      if (!isDirect || length > MAX_UNKNOWN) {
        p.put(F.continuation, at, end - at);
        return DONE;
      }
    }
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.put(F.type, at, 1);
    if (!isDirect) {
      p.put(F.flags, at + 1, 1);
      p.put(F.extend, at + 1, 1);
    }
    p.putInt(F.length, isDirect ? at + 1 : at + 2, isDirect ? 3 : 2, length);
    if (type === MESSAGE) {
      if (length > 0) putMessage(p, body, next);
    } else if (type === REQUEST && end >= body + 68) {
      if (p.wants(F.called)) p.putText(F.called, body, 34, netbiosName(b, body + 1));
      if (p.wants(F.calling)) p.putText(F.calling, body + 34, 34, netbiosName(b, body + 35));
    } else if (type === NEGATIVE && end >= body + 1) p.put(F.error, body, 1);
    else if (type === RETARGET && end >= body + 6) {
      p.put(F.retargetIp, body, 4);
      p.put(F.retargetPort, body + 4, 2);
    }
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => (row.has(F.type) ? (TYPES[row.num(F.type) as keyof typeof TYPES] ?? 'Session message') : 'Continuation'),
});

const MAX_UNKNOWN = 0x20000;

function startsMessage(p: PacketView, at: number): boolean {
  const b = p.bytes;
  return b[at] >= 0xfc && b[at + 1] === 0x53 && b[at + 2] === 0x4d && b[at + 3] === 0x42;
}

function putMessage(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let carried = 0;
  if (p.end - at >= 4 && startsMessage(p, at)) carried = p.id(b[at] === 0xff ? 'smb' : 'smb2');
  if (carried === 0 || p.call(carried, at, end) === DECLINE) p.call(p.id('data'), at, end);
}
export default nbss;
