import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const OPTIONAL_LEN = 4;
/** Any of extension header, sequence number and N-PDU number: then all three fields are there (3GPP TS 29.281 §5.1). */
const OPTIONAL = 0x07;
const EXTENSION = 0x04;
const USER_DATA = 255;

export const gtpFields = defineFields({
  flags: { name: 'gtp.flags', ...fixed('u8', 0, 'Flags', { base: 'hex' }) },
  version: { name: 'gtp.flags.version', ...fixed('u8', 0, 'Version', { mask: 0xe0 }) },
  message: { name: 'gtp.message', ...fixed('u8', 1, 'Message Type', { base: 'hex', values: { 1: 'Echo request', 2: 'Echo response', 26: 'Error indication', 255: 'T-PDU' } }) },
  length: { name: 'gtp.length', ...fixed('u16', 2, 'Length') },
  teid: { name: 'gtp.teid', ...fixed('u32', 4, 'TEID', { base: 'hex' }) },
  sequence: { name: 'gtp.seq_number', ...put('u16', 'Sequence number', { base: 'hex' }) },
});
const F = gtpFields;

/** GTP version 1: control plane messages by their head, user packets inside. */
export const gtp = defineDissector({
  name: 'gtp',
  title: 'GPRS Tunneling Protocol',
  spec: ['3GPP TS 29.281 §5', '3GPP TS 29.060 §6'],
  carries: true,
  over: { 'udp.port': [2152, 2123] },
  fields: gtpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (b[at] >> 5 !== 1) return DECLINE;
    let from = at + HEADER_LEN;
    if ((b[at] & OPTIONAL) !== 0) {
      if (end - from < OPTIONAL_LEN) return p.tooShort(HEADER_LEN + OPTIONAL_LEN);
      p.put(F.sequence, from, 2);
      let type = (b[at] & EXTENSION) !== 0 ? b[from + 3] : 0;
      from += OPTIONAL_LEN;
      // Extension headers count their length in four bytes and end with the type of the next.
      while (type !== 0) {
        if (end - from < 4 || b[from] === 0) return p.tooShort(from - at + 4);
        const length = b[from] * 4;
        if (end - from < length) return p.tooShort(from - at + length);
        type = b[from + length - 1];
        from += length;
      }
    }
    if (b[at + 1] !== USER_DATA || from >= end) return DONE;
    p.payload(from, Math.min(p.wireEnd, at + HEADER_LEN + u16be(b, at + 2)));
    const version = b[from] >> 4;
    if (version === 4) return p.id('ip');
    return version === 6 ? p.id('ipv6') : 0;
  },
});
export default gtp;
