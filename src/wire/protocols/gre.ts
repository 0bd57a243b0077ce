import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGMENT = 0x0080;
const ETHERNET = 0x6558;
const ERSPAN = 0x88be;

export const greFields = defineFields({
  flags: { name: 'gre.flags_and_version', ...fixed('u16', 0, 'Flags and Version', { base: 'hex' }) },
  proto: { name: 'gre.proto', ...fixed('u16', 2, 'Protocol Type', { base: 'hex' }) },
  checksum: { name: 'gre.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  offset: { name: 'gre.offset', ...put('u16', 'Offset') },
  key: { name: 'gre.key', ...put('u32', 'Key', { base: 'hex' }) },
  payloadLength: { name: 'gre.key.payload_length', ...put('u16', 'Payload Length') },
  callId: { name: 'gre.key.call_id', ...put('u16', 'Call ID') },
  sequence: { name: 'gre.sequence_number', ...put('u32', 'Sequence Number') },
  acknowledgment: { name: 'gre.ack_number', ...put('u32', 'Acknowledgment Number') },
});
const F = greFields;

export const gre = defineDissector({
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  spec: ['RFC 2784 §2', 'RFC 2890 §2', 'RFC 1701', 'RFC 2637 §4.1'],
  carries: true,
  over: { 'ip.proto': [47], 'udp.port': [4754] },
  tables: ['gre.proto'],
  fields: greFields,
  leastHead: 4,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const flags = u16be(b, at);
    const proto = u16be(b, at + 2);
    let from = at + HEADER_LEN;
    if ((flags & (CHECKSUM | ROUTING)) !== 0) {
      if (end - from < 4) return p.tooShort(from - at + 4);
      p.put(F.checksum, from, 2);
      p.put(F.offset, from + 2, 2);
      from += 4;
    }
    if ((flags & KEY) !== 0) {
      if (end - from < 4) return p.tooShort(from - at + 4);
      // PPTP (version 1) splits the key in two (RFC 2637 §4.1).
      if ((flags & 7) === 1) {
        p.put(F.payloadLength, from, 2);
        p.put(F.callId, from + 2, 2);
      } else p.put(F.key, from, 4);
      from += 4;
    }
    if ((flags & SEQUENCE) !== 0) {
      if (end - from < 4) return p.tooShort(from - at + 4);
      p.put(F.sequence, from, 4);
      from += 4;
    }
    if ((flags & 7) === 1 && (flags & ACKNOWLEDGMENT) !== 0) {
      if (end - from < 4) return p.tooShort(from - at + 4);
      p.put(F.acknowledgment, from, 4);
      from += 4;
    }
    if ((flags & ROUTING) !== 0) {
      // Source route entries: family, offset, length, data; an entry of family 0 and length 0 ends the list (RFC 1701).
      for (;;) {
        if (end - from < 4) return p.tooShort(from - at + 4);
        const length = b[from + 3];
        const last = u16be(b, from) === 0 && length === 0;
        from += 4 + length;
        if (last) break;
      }
    }
    if (from >= p.wireEnd) return DONE;
    p.payload(from, p.wireEnd);
    // ERSPAN of type I has no head of its own, and shows it by the missing sequence number.
    if (proto === ETHERNET || (proto === ERSPAN && (flags & SEQUENCE) === 0)) return p.id('eth');
    return p.next('gre.proto', proto);
  },
});
export default gre;
