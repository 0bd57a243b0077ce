import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 24;
const AUTHENTICATED = 0x04;
const SIMPLE_PASSWORD = 1;

const STATES = { 0: 'AdminDown', 1: 'Down', 2: 'Init', 3: 'Up' } as const;

export const bfdFields = defineFields({ 
  version: { name: 'bfd.version', ...fixed('u8', 0, 'Protocol Version', { mask: 0xe0 }) },
  diag: { name: 'bfd.diag', ...fixed('u8', 0, 'Diagnostic Code', { base: 'hex', mask: 0x1f }) },
  sta: { name: 'bfd.sta', ...fixed('u8', 1, 'Session State', { base: 'hex', mask: 0xc0, values: STATES }) },
  flags: { name: 'bfd.flags', ...fixed('u8', 1, 'Message Flags', { base: 'hex' }) },
  flagsP: { name: 'bfd.flags.p', ...put('boolean', 'Poll', { mask: 0x20 }) },
  flagsF: { name: 'bfd.flags.f', ...put('boolean', 'Final', { mask: 0x10 }) },
  flagsC: { name: 'bfd.flags.c', ...put('boolean', 'Control Plane Independent', { mask: 0x8 }) },
  flagsA: { name: 'bfd.flags.a', ...put('boolean', 'Authentication Present', { mask: 0x4 }) },
  flagsD: { name: 'bfd.flags.d', ...put('boolean', 'Demand', { mask: 0x2 }) },
  flagsM: { name: 'bfd.flags.m', ...put('boolean', 'Multipoint', { mask: 0x1 }) },
  detectTimeMultiplier: { name: 'bfd.detect_time_multiplier', ...put('u8', 'Detect Time Multiplier') },
  messageLength: { name: 'bfd.message_length', ...put('u8', 'Message Length') },
  myDiscriminator: { name: 'bfd.my_discriminator', ...put('u32', 'My Discriminator', { base: 'hex' }) },
  yourDiscriminator: { name: 'bfd.your_discriminator', ...put('u32', 'Your Discriminator', { base: 'hex' }) },
  desiredMinTxInterval: { name: 'bfd.desired_min_tx_interval', ...put('u32', 'Desired Min TX Interval') },
  requiredMinRxInterval: { name: 'bfd.required_min_rx_interval', ...put('u32', 'Required Min RX Interval') },
  requiredMinEchoInterval: { name: 'bfd.required_min_echo_interval', ...put('u32', 'Required Min Echo Interval') },
  authType: { name: 'bfd.auth.type', ...put('u8', 'Authentication Type') },
  authLen: { name: 'bfd.auth.len', ...put('u8', 'Authentication Length') },
  authKey: { name: 'bfd.auth.key', ...put('u8', 'Authentication Key ID') },
  authPassword: { name: 'bfd.auth.password', ...put('string', 'Password') },
  authSeqNum: { name: 'bfd.auth.seq_num', ...put('u32', 'Sequence Number', { base: 'hex' }) },
  checksum: { name: 'bfd.checksum', ...put('bytes', 'Checksum') },
});
const F = bfdFields;

// The masks of the six flags lie within the low bits of the second byte, next to the state.
const HEAD = layout({
  1: [F.flagsP, F.flagsF, F.flagsC, F.flagsA, F.flagsD, F.flagsM], 2: F.detectTimeMultiplier, 3: F.messageLength, 4: F.myDiscriminator,
  8: F.yourDiscriminator, 12: F.desiredMinTxInterval, 16: F.requiredMinRxInterval, 20: F.requiredMinEchoInterval,
});

export const bfd = defineDissector({
  name: 'bfd',
  title: 'BFD Control message',
  short: 'BFD Control',
  spec: ['RFC 5880 §4', 'RFC 5881', 'RFC 5883'],
  over: { 'udp.port': [3784, 4784, 6784, 7784] },
  fields: bfdFields,
  dissect(p, at, end) {
    if (!putLayout(p, HEAD, at, end)) return p.tooShort(HEADER_LEN);
    if ((p.bytes[at + 1] & AUTHENTICATED) === 0) return DONE;
    const auth = at + HEADER_LEN;
    if (auth >= p.wireEnd) {
      p.expert('error', 'malformed', 'bfd.auth.no_data', at, 0);
      return DONE;
    }
    if (end - auth < 3) return p.tooShort(HEADER_LEN + 3);
    const type = p.bytes[auth];
    const length = p.bytes[auth + 1];
    p.put(F.authType, auth, 1);
    p.put(F.authLen, auth + 1, 1);
    p.put(F.authKey, auth + 2, 1);
    if (auth + length > end) return p.tooShort(HEADER_LEN + length);
    if (type === SIMPLE_PASSWORD) {
      if (length > 3) p.put(F.authPassword, auth + 3, length - 3);
    } else if (length > 8) {
      p.put(F.authSeqNum, auth + 4, 4);
      p.put(F.checksum, auth + 8, length - 8);
    }
    return DONE;
  },
  info: (row) => `Diag: ${row.text(F.diag)}, State: ${row.text(F.sta)}, Flags: ${row.text(F.flags)}`,
});
export default bfd;
