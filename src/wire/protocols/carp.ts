import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const MESSAGE_LEN = 36;
const AUTHENTICATION_WORDS = 7;

export const carpFields = defineFields({ 
  typever: { name: 'carp.typever', ...fixed('u8', 0, 'CARP message version and type') },
  version: { name: 'carp.version', ...fixed('u8', 0, 'CARP protocol version', { mask: 0xf0 }) },
  type: { name: 'carp.type', ...fixed('u8', 0, 'CARP packet type', { mask: 0xf }) },
  vhid: { name: 'carp.vhid', ...fixed('u8', 1, 'Virtual Host ID') },
  advskew: { name: 'carp.advskew', ...fixed('u8', 2, 'Advertisement Skew') },
  authlen: { name: 'carp.authlen', ...fixed('u8', 3, 'Auth Len') },
  demotion: { name: 'carp.demotion', ...fixed('u8', 4, 'Demotion indicator') },
  adverInt: { name: 'carp.adver_int', ...fixed('u8', 5, 'Adver Int') },
  checksum: { name: 'carp.checksum', ...fixed('u16', 6, 'Checksum', { base: 'hex' }) },
  counter: { name: 'carp.counter', ...put('u64', 'Counter') },
  hmac: { name: 'carp.hmac', ...put('bytes', 'HMAC') },
  checksumStatus: { name: 'carp.checksum.status', ...put('u8', 'Checksum Status') },
});
const F = carpFields;

const REST = layout({ 8: F.counter, 16: [[F.hmac, 20]] });

/** OpenBSD's redundancy protocol: VRRP's protocol number, told from it by the length of its authentication. */
export const carp = defineDissector({
  name: 'carp',
  title: 'Common Address Redundancy Protocol',
  spec: ['OpenBSD carp(4)'],
  over: {},
  heuristicOver: ['ip.proto'],
  heuristic: (p, at, end) => p.ipProto === 112 && p.wireEnd - at >= MESSAGE_LEN && end - at >= 8 && p.bytes[at] >> 4 >= 1 && p.bytes[at] >> 4 <= 2 && p.bytes[at + 3] === AUTHENTICATION_WORDS,
  fields: carpFields,
  dissect(p, at, end) {
    if (!putLayout(p, REST, at, end)) return p.tooShort(MESSAGE_LEN);
    putChecksum(p, F.checksumStatus, 'carp.bad_checksum', at + 6, at, p.wireEnd);
    return DONE;
  },
  info: () => 'Announcement',
});
export default carp;
