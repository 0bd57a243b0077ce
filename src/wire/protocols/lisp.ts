import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { ipv4Text, ipv6Text } from '../field-text.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

const REQUEST = 1;
const REPLY = 2;
const REGISTER = 3;
const NOTIFY = 4;
const ENCAPSULATED = 8;
const AFI_IPV4 = 1;
const AFI_IPV6 = 2;

const TYPES = { 1: 'Map-Request', 2: 'Map-Reply', 3: 'Map-Register', 4: 'Map-Notify', 7: 'Info', 8: 'Encapsulated Control Message' } as const;

export const lispFields = defineFields({ 
  mnotFlagsXtrid: { name: 'lisp.mnot.flags.xtrid', ...put('boolean', 'I bit (xTR-ID present)', { mask: 0x80000, size: 3 }) },
  mnotFlagsRtr: { name: 'lisp.mnot.flags.rtr', ...put('boolean', 'R bit (Built for an RTR)', { mask: 0x40000, size: 3 }) },
  mnotRes: { name: 'lisp.mnot.res', ...put('u24', 'Reserved bits', { base: 'hex', mask: 0x3ffff }) },
  records: { name: 'lisp.records', ...put('u8', 'Record Count') },
  nonce: { name: 'lisp.nonce', ...put('u64', 'Nonce', { base: 'hex' }) },
  keyid: { name: 'lisp.keyid', ...put('u16', 'Key ID', { base: 'hex' }) },
  authlen: { name: 'lisp.authlen', ...put('u16', 'Authentication Data Length') },
  mappingTtl: { name: 'lisp.mapping.ttl', ...put('u32', 'Record TTL') },
  mappingLoccnt: { name: 'lisp.mapping.loccnt', ...put('u8', 'Locator Count') },
  mappingEidMasklen: { name: 'lisp.mapping.eid.masklen', ...put('u8', 'EID Mask Length') },
  mappingAct: { name: 'lisp.mapping.act', ...put('u16', 'Action', { mask: 0xe000 }) },
  mappingAuth: { name: 'lisp.mapping.auth', ...put('boolean', 'Authoritative bit', { mask: 0x1000, size: 2 }) },
  mappingRes1: { name: 'lisp.mapping.res1', ...put('u16', 'Reserved', { base: 'hex', mask: 0x7ff }) },
  mappingRes2: { name: 'lisp.mapping.res2', ...put('u16', 'Reserved', { base: 'hex', mask: 0xf000 }) },
  mappingVer: { name: 'lisp.mapping.ver', ...put('u16', 'Mapping Version', { mask: 0xfff }) },
  mappingEidAfi: { name: 'lisp.mapping.eid.afi', ...put('u16', 'EID Prefix AFI') },
  locPriority: { name: 'lisp.loc.priority', ...put('u8', 'Priority') },
  locWeight: { name: 'lisp.loc.weight', ...put('u8', 'Weight') },
  locMulticastPriority: { name: 'lisp.loc.multicast_priority', ...put('u8', 'Multicast Priority') },
  locMulticastWeight: { name: 'lisp.loc.multicast_weight', ...put('u8', 'Multicast Weight') },
  locFlags: { name: 'lisp.loc.flags', ...put('u16', 'Flags', { base: 'hex' }) },
  locFlagsRes: { name: 'lisp.loc.flags.res', ...put('u16', 'Reserved', { base: 'hex', mask: 0xfff8 }) },
  locFlagsLocal: { name: 'lisp.loc.flags.local', ...put('boolean', 'Local', { mask: 0x4, size: 2 }) },
  locFlagsProbe: { name: 'lisp.loc.flags.probe', ...put('boolean', 'Probe', { mask: 0x2, size: 2 }) },
  locFlagsReach: { name: 'lisp.loc.flags.reach', ...put('boolean', 'Reachable', { mask: 0x1, size: 2 }) },
  locAfi: { name: 'lisp.loc.afi', ...put('u16', 'AFI') },
  mregFlagsPmr: { name: 'lisp.mreg.flags.pmr', ...put('boolean', 'P bit (Proxy-Map-Reply)', { mask: 0x80000, size: 3 }) },
  mregFlagsSec: { name: 'lisp.mreg.flags.sec', ...put('boolean', 'S bit (LISP-SEC capable)', { mask: 0x40000, size: 3 }) },
  mregFlagsXtrid: { name: 'lisp.mreg.flags.xtrid', ...put('boolean', 'I bit (xTR-ID present)', { mask: 0x20000, size: 3 }) },
  mregFlagsRtr: { name: 'lisp.mreg.flags.rtr', ...put('boolean', 'R bit (Built for an RTR)', { mask: 0x10000, size: 3 }) },
  mregRes: { name: 'lisp.mreg.res', ...put('u24', 'Reserved bits', { base: 'hex', mask: 0xfffe }) },
  mregFlagsWmn: { name: 'lisp.mreg.flags.wmn', ...put('boolean', 'M bit (Want-Map-Notify)', { mask: 0x1, size: 3 }) },
  type: { name: 'lisp.type', ...put('u24', 'Type', { mask: 0xf00000, values: TYPES }) },
  auth: { name: 'lisp.auth', ...put('bytes', 'Authentication Data') },
  xtrid: { name: 'lisp.xtrid', ...put('bytes', 'xTR-ID') },
  siteid: { name: 'lisp.siteid', ...put('bytes', 'Site-ID') },
  mapping: { name: 'lisp.mapping', ...put('none', 'Mapping Record') },
  mappingEidIpv4: { name: 'lisp.mapping.eid.ipv4', ...put('ipv4', 'EID Prefix') },
  mappingEidIpv6: { name: 'lisp.mapping.eid.ipv6', ...put('ipv6', 'EID Prefix') },
  loc: { name: 'lisp.loc', ...put('none', 'Locator Record') },
  locLocator: { name: 'lisp.loc.locator', ...put('string', 'Locator') },
  noteUnexpectedField: { name: 'lisp.unexpected_field', ...put('none', 'Unexpected field') },
});
const F = lispFields;

const NOTIFY_FLAGS = layout({ 0: [F.mnotFlagsXtrid, [F.mnotFlagsRtr, 3], [F.mnotRes, 3]] });
const AUTHENTICATED = layout({ 3: F.records, 4: F.nonce, 12: F.keyid, 14: F.authlen });
const ANSWERED = layout({ 3: F.records, 4: F.nonce });
const MAPPING = layout({
  0: F.mappingTtl, 4: F.mappingLoccnt, 5: F.mappingEidMasklen, 6: [F.mappingAct, F.mappingAuth, F.mappingRes1], 8: [F.mappingRes2, F.mappingVer], 10: F.mappingEidAfi,
});
const LOCATOR = layout({
  0: F.locPriority, 1: F.locWeight, 2: F.locMulticastPriority, 3: F.locMulticastWeight,
  4: [F.locFlags, F.locFlagsRes, F.locFlagsLocal, F.locFlagsProbe, F.locFlagsReach], 6: F.locAfi,
});
const REGISTER_BITS = [F.mregFlagsPmr, F.mregFlagsSec, F.mregFlagsXtrid, F.mregFlagsRtr, F.mregRes, F.mregFlagsWmn];

/** Control messages of LISP. */
export const lisp = defineDissector({
  name: 'lisp',
  title: 'Locator/ID Separation Protocol',
  spec: ['RFC 9301 §5'],
  over: { 'udp.port': [4342] },
  fields: lispFields,
  dissect(p, at, end) {
    if (end - at < 4) return p.tooShort(4);
    const type = p.bytes[at] >> 4;
    p.put(F.type, at, 3);
    if (type === ENCAPSULATED) {
      p.payload(at + 4, p.wireEnd);
      const version = end > at + 4 ? p.bytes[at + 4] >> 4 : 0;
      return version === 4 ? p.id('ip') : version === 6 ? p.id('ipv6') : 0;
    }
    if (type === REGISTER || type === NOTIFY) {
      if (type === NOTIFY) for (let i = 0; i < NOTIFY_FLAGS.fields.length; i++) p.put(NOTIFY_FLAGS.fields[i], at, 3);
      else for (const field of REGISTER_BITS) p.put(field, at, 3);
      if (!putLayout(p, AUTHENTICATED, at, end)) return p.tooShort(AUTHENTICATED.length);
      const size = u16be(p.bytes, at + 14);
      if (at + 16 + size > end) return p.tooShort(16 + size);
      if (size > 0) p.put(F.auth, at + 16, size);
      let i = putMappings(p, at + 16 + size, end, p.bytes[at + 3]);
      if (i < 0) return unfit(p);
      // Which router registers stands behind the records where a bit announces it.
      const announced = type === REGISTER ? (p.bytes[at] & 2) !== 0 : (p.bytes[at] & 8) !== 0;
      if (announced && i + 24 <= end) {
        p.put(F.xtrid, i, 16);
        p.put(F.siteid, i + 16, 8);
        i += 24;
      }
      if (i < end) p.call(p.id('data'), i, end);
      return DONE;
    }
    if (type === REPLY) {
      if (!putLayout(p, ANSWERED, at, end)) return p.tooShort(ANSWERED.length);
      return putMappings(p, at + ANSWERED.length, end, p.bytes[at + 3]) < 0 ? unfit(p) : DONE;
    }
    if (type === REQUEST) putLayout(p, ANSWERED, at, end);
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown',
});
export default lisp;

/** Puts mapping records; returns where they end, -1 where one does not read. */
function putMappings(p: PacketView, at: number, end: number, count: number): number {
  const b = p.bytes;
  let i = at;
  for (let n = 0; n < count && i < end; n++) {
    p.open(F.mapping, i);
    if (!putLayout(p, MAPPING, i, end)) return -1;
    const locators = b[i + 4];
    const afi = u16be(b, i + 10);
    i = putAddress(p, F.mappingEidIpv4, F.mappingEidIpv6, afi, i + 12, end);
    if (i < 0) {
      p.expert('error', 'protocol', 'lisp.unexpected_field', at, 0);
      return end;
    }
    for (let k = 0; k < locators && i < end; k++) {
      p.open(F.loc, i);
      if (!putLayout(p, LOCATOR, i, end)) return -1;
      const kind = u16be(b, i + 6);
      const size = kind === AFI_IPV4 ? 4 : kind === AFI_IPV6 ? 16 : 0;
      if (i + 8 + size > end) return -1;
      if (size > 0 && p.wants(F.locLocator)) p.putText(F.locLocator, i + 8, size, locatorText(p, i + 8, size));
      i += 8 + size;
      p.close(i);
    }
    p.close(i);
  }
  return i;
}

function putAddress(p: PacketView, f4: Field, f6: Field, afi: number, at: number, end: number): number {
  const size = afi === AFI_IPV4 ? 4 : afi === AFI_IPV6 ? 16 : -1;
  if (size < 0 || at + size > end) return -1;
  p.put(size === 4 ? f4 : f6, at, size);
  return at + size;
}

function locatorText(p: PacketView, at: number, size: number): string {
  return size === 4 ? ipv4Text(p.bytes, at) : ipv6Text(p.bytes, at);
}
