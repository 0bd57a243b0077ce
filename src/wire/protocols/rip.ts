import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const ENTRY_LEN = 20;
const FAMILY_UNSPECIFIED = 0;
const FAMILY_IP = 2;
/** An entry of this family authenticates the message (RFC 2453 §4.1). */
const FAMILY_AUTHENTICATION = 0xffff;
const KEYED_DIGEST = 3;
const PASSWORD = 2;

const COMMANDS = { 1: 'Request', 2: 'Response', 9: 'Triggered Request', 10: 'Triggered Response', 11: 'Update Acknowledge' } as const;
const VERSIONS = { 1: 'RIPv1', 2: 'RIPv2' } as const;

export const ripFields = defineFields({ 
  command: { name: 'rip.command', ...fixed('u8', 0, 'Command', { values: COMMANDS }) },
  version: { name: 'rip.version', ...fixed('u8', 1, 'Version', { values: VERSIONS }) },
  digestOffset: { name: 'rip.digest_offset', ...put('u16', 'Digest Offset') },
  keyId: { name: 'rip.key_id', ...put('u8', 'Key ID') },
  authDataLen: { name: 'rip.auth_data_len', ...put('u8', 'Auth Data Len') },
  seqNum: { name: 'rip.seq_num', ...put('u32', 'Seq num') },
  zeroPadding: { name: 'rip.zero_padding', ...put('string', 'Zero adding') },
  authType: { name: 'rip.auth.type', ...put('u16', 'Authentication type') },
  authPasswd: { name: 'rip.auth.passwd', ...put('string', 'Password') },
  authenticationData: { name: 'rip.authentication_data', ...put('bytes', 'Authentication Data') },
  family: { name: 'rip.family', ...put('u16', 'Address Family') },
  routeTag: { name: 'rip.route_tag', ...put('u16', 'Route Tag') },
  ip: { name: 'rip.ip', ...put('ipv4', 'IP Address') },
  netmask: { name: 'rip.netmask', ...put('ipv4', 'Netmask') },
  nextHop: { name: 'rip.next_hop', ...put('ipv4', 'Next Hop') },
  metric: { name: 'rip.metric', ...put('u16', 'Metric') },
});
const F = ripFields;

const KEYED = layout({ 4: F.digestOffset, 6: F.keyId, 7: F.authDataLen, 8: F.seqNum, 12: [[F.zeroPadding, 8]] });

/** Versions 1 and 2. */
export const rip = defineDissector({
  name: 'rip',
  title: 'Routing Information Protocol',
  spec: ['RFC 1058', 'RFC 2453', 'RFC 4822'],
  over: { 'udp.port': [520] },
  fields: ripFields,
  column: (row) => (row.num(F.version) === 1 ? 'RIPv1' : row.num(F.version) === 2 ? 'RIPv2' : 'RIP'),
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const isSecond = b[at + 1] === 2;
    let last = end;
    for (let i = at + HEADER_LEN; i < last; i += ENTRY_LEN) {
      if (i + ENTRY_LEN > last) return last < end ? DONE : p.tooShort(i + ENTRY_LEN - at);
      const family = u16be(b, i);
      if (family === FAMILY_AUTHENTICATION) {
        p.put(F.authType, i + 2, 2);
        const type = u16be(b, i + 2);
        if (type === PASSWORD) p.put(F.authPasswd, i + 4, 16);
        if (type !== KEYED_DIGEST) continue;
        putLayout(p, KEYED, i, end);
        // The digest trails the entries, behind an entry head of four bytes of its own.
        const digest = at + u16be(b, i + 4) + 4;
        if (digest <= end && digest > i) {
          last = digest - 4;
          p.put(F.authenticationData, digest, Math.min(Math.max(0, b[i + 7] - 4), end - digest));
        }
        continue;
      }
      if (family !== FAMILY_IP && family !== FAMILY_UNSPECIFIED) continue;
      p.put(F.family, i, 2);
      if (isSecond) p.put(F.routeTag, i + 2, 2);
      if (family === FAMILY_IP) p.put(F.ip, i + 4, 4);
      if (isSecond) {
        p.put(F.netmask, i + 8, 4);
        p.put(F.nextHop, i + 12, 4);
      }
      p.put(F.metric, i + 16, 4);
    }
    return DONE;
  },
  info: (row) => row.num(F.command) === 1 ? 'Request' : 'Response',
});
export default rip;
