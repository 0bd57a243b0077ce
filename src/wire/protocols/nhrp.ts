import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

const FIXED_LEN = 20;
const ERROR_INDICATION = 7;
const EXTENSION_END = 0;

const TYPES = {
  1: 'NHRP Resolution Request', 2: 'NHRP Resolution Reply', 3: 'NHRP Registration Request', 4: 'NHRP Registration Reply', 5: 'NHRP Purge Request',
  6: 'NHRP Purge Reply', 7: 'NHRP Error Indication', 8: 'NHRP Traffic Indication',
} as const;

export const nhrpFields = defineFields({ 
  hdrAfn: { name: 'nhrp.hdr.afn', ...fixed('u16', 0, 'Address Family Number', { base: 'hex' }) },
  hdrProType: { name: 'nhrp.hdr.pro.type', ...fixed('u16', 2, 'Protocol Type (short form)', { base: 'hex' }) },
  hdrHopcnt: { name: 'nhrp.hdr.hopcnt', ...fixed('u8', 9, 'Hop Count') },
  hdrPktsz: { name: 'nhrp.hdr.pktsz', ...fixed('u16', 10, 'Packet Length') },
  hdrChksum: { name: 'nhrp.hdr.chksum', ...fixed('u16', 12, 'NHRP Packet Checksum', { base: 'hex' }) },
  hdrExtoff: { name: 'nhrp.hdr.extoff', ...fixed('u16', 14, 'Extension Offset') },
  hdrVersion: { name: 'nhrp.hdr.version', ...fixed('u8', 16, 'Version') },
  hdrOpType: { name: 'nhrp.hdr.op.type', ...fixed('u8', 17, 'NHRP Packet Type', { values: TYPES }) },
  protocolType: { name: 'nhrp.protocol_type', ...put('bytes', 'Protocol Type (long form)') },
  hdrShtl: { name: 'nhrp.hdr.shtl', ...put('u8', 'Source Address Type/Len') },
  hdrShtlType: { name: 'nhrp.hdr.shtl.type', ...put('u8', 'Type', { mask: 0x40 }) },
  hdrShtlLen: { name: 'nhrp.hdr.shtl.len', ...put('u8', 'Length', { mask: 0x3f }) },
  hdrSstl: { name: 'nhrp.hdr.sstl', ...put('u8', 'Source SubAddress Type/Len') },
  hdrSstlType: { name: 'nhrp.hdr.sstl.type', ...put('u8', 'Type', { mask: 0x40 }) },
  hdrSstlLen: { name: 'nhrp.hdr.sstl.len', ...put('u8', 'Length', { mask: 0x3f }) },
  srcProtLen: { name: 'nhrp.src.prot.len', ...put('u16', 'Source Protocol Len') },
  dstProtLen: { name: 'nhrp.dst.prot.len', ...put('u16', 'Destination Protocol Len') },
  flags: { name: 'nhrp.flags', ...put('u16', 'Flags', { base: 'hex' }) },
  flagQ: { name: 'nhrp.flag.q', ...put('boolean', 'Is Router', { mask: 0x8000, size: 2 }) },
  flagA: { name: 'nhrp.flag.a', ...put('boolean', 'Authoritative', { mask: 0x4000, size: 2 }) },
  flagD: { name: 'nhrp.flag.d', ...put('boolean', 'Stable Association', { mask: 0x2000, size: 2 }) },
  flagU: { name: 'nhrp.flag.u', ...put('boolean', 'Uniqueness Bit', { mask: 0x1000, size: 2 }) },
  flagS: { name: 'nhrp.flag.s', ...put('boolean', 'Stable Binding', { mask: 0x800, size: 2 }) },
  flagNat: { name: 'nhrp.flag.nat', ...put('boolean', 'Cisco NAT Supported', { mask: 0x2, size: 2 }) },
  code: { name: 'nhrp.code', ...put('u8', 'Code') },
  prefix: { name: 'nhrp.prefix', ...put('u8', 'Prefix Length') },
  unused: { name: 'nhrp.unused', ...put('u16', 'Unused') },
  mtu: { name: 'nhrp.mtu', ...put('u16', 'Max Transmission Unit') },
  htime: { name: 'nhrp.htime', ...put('u16', 'Holding Time (s)') },
  cliAddrTl: { name: 'nhrp.cli.addr_tl', ...put('u8', 'Client Address Type/Len') },
  cliAddrTlType: { name: 'nhrp.cli.addr_tl.type', ...put('u8', 'Type', { mask: 0x40 }) },
  cliAddrTlLen: { name: 'nhrp.cli.addr_tl.len', ...put('u8', 'Length', { mask: 0x3f }) },
  cliSaddrTl: { name: 'nhrp.cli.saddr_tl', ...put('u8', 'Client Sub Address Type/Len') },
  cliSaddrTlType: { name: 'nhrp.cli.saddr_tl.type', ...put('u8', 'Type', { mask: 0x40 }) },
  cliSaddrTlLen: { name: 'nhrp.cli.saddr_tl.len', ...put('u8', 'Length', { mask: 0x3f }) },
  protLen: { name: 'nhrp.prot.len', ...put('u8', 'Client Protocol Length') },
  pref: { name: 'nhrp.pref', ...put('u8', 'CIE Preference Value') },
  extC: { name: 'nhrp.ext.c', ...put('boolean', 'Compulsory Flag', { mask: 0x8000, size: 2 }) },
  extType: { name: 'nhrp.ext.type', ...put('u16', 'Extension Type', { base: 'hex', mask: 0x3fff }) },
  extLen: { name: 'nhrp.ext.len', ...put('u16', 'Extension length') },
  hdrChksumStatus: { name: 'nhrp.hdr.chksum.status', ...put('u8', 'NHRP Packet Checksum Status') },
  reqid: { name: 'nhrp.reqid', ...put('u32', 'Request ID', { base: 'hex' }) },
  srcNbmaAddr: { name: 'nhrp.src.nbma.addr', ...put('ipv4', 'Source NBMA Address') },
  srcNbmaAddrBytes: { name: 'nhrp.src.nbma.addr_bytes', ...put('bytes', 'Source NBMA Address') },
  srcNbmaSaddr: { name: 'nhrp.src.nbma.saddr', ...put('bytes', 'Source NBMA Sub Address') },
  srcProtAddr: { name: 'nhrp.src.prot.addr', ...put('ipv4', 'Source Protocol Address') },
  srcProtAddrBytes: { name: 'nhrp.src.prot.addr_bytes', ...put('bytes', 'Source Protocol Address') },
  dstProtAddr: { name: 'nhrp.dst.prot.addr', ...put('ipv4', 'Destination Protocol Address') },
  dstProtAddrByets: { name: 'nhrp.dst.prot.addr_byets', ...put('bytes', 'Destination Protocol Address') },
  clientNbmaAddr: { name: 'nhrp.client.nbma.addr', ...put('ipv4', 'Client NBMA Address') },
  clientNbmaAddrBytes: { name: 'nhrp.client.nbma.addr_bytes', ...put('bytes', 'Client NBMA Address') },
  clientNbmaSaddr: { name: 'nhrp.client.nbma.saddr', ...put('bytes', 'Client NBMA Sub Address') },
  clientProtAddr: { name: 'nhrp.client.prot.addr', ...put('ipv4', 'Client Protocol Address') },
  clientProtAddrBytes: { name: 'nhrp.client.prot.addr_bytes', ...put('bytes', 'Client Protocol Address') },
});
const F = nhrpFields;

const LENGTHS = layout({ 4: [[F.protocolType, 5]], 18: [F.hdrShtl, F.hdrShtlType, F.hdrShtlLen], 19: [F.hdrSstl, F.hdrSstlType, F.hdrSstlLen] });
const MANDATORY = layout({ 0: [[F.srcProtLen, 1]], 1: [[F.dstProtLen, 1]] });
const RESOLUTION_FLAGS = [F.flags, F.flagQ, F.flagA, F.flagD, F.flagU, F.flagS, F.flagNat];
const REGISTRATION = 3;
const PURGE = 5;
const CLIENT = layout({
  0: F.code, 1: F.prefix, 2: F.unused, 4: F.mtu, 6: F.htime, 8: [F.cliAddrTl, F.cliAddrTlType, F.cliAddrTlLen], 9: [F.cliSaddrTl, F.cliSaddrTlType, F.cliSaddrTlLen],
  10: F.protLen, 11: F.pref,
});
const EXTENSION = layout({ 0: [F.extC, F.extType], 2: F.extLen });

export const nhrp = defineDissector({
  name: 'nhrp',
  title: 'NBMA Next Hop Resolution Protocol',
  spec: ['RFC 2332 §5'],
  over: { 'ip.proto': [54], 'gre.proto': [0x2001], ethertype: [0x2001] },
  fields: nhrpFields,
  dissect(p, at, end) {
    if (end - at < FIXED_LEN) return p.tooShort(FIXED_LEN);
    const b = p.bytes;
    putLayout(p, LENGTHS, at, end);
    if (u16be(b, at + 12) === 0) p.putInt(F.hdrChksumStatus, at + 12, 0, 2);
    else putChecksum(p, F.hdrChksumStatus, 'nhrp.hdr.bad_checksum', at + 12, at, Math.min(p.wireEnd, at + u16be(b, at + 10)));
    const type = b[at + 17];
    if (type === ERROR_INDICATION) return DONE;
    const body = at + FIXED_LEN;
    if (end - body < 8) return p.tooShort(FIXED_LEN + 8);
    putLayout(p, MANDATORY, body, end);
    if (type < REGISTRATION) for (const flag of RESOLUTION_FLAGS) p.put(flag, body + 2, 2);
    else {
      p.put(F.flags, body + 2, 2);
      if (type < PURGE) p.putInt(F.flagU, body + 2, 2, b[body + 2] >> 7);
      p.put(F.flagNat, body + 2, 2);
    }
    p.put(F.reqid, body + 4, 4);
    let i = body + 8;
    i = putAddress(p, F.srcNbmaAddr, F.srcNbmaAddrBytes, i, b[at + 18] & 63, end);
    i = putAddress(p, undefined, F.srcNbmaSaddr, i, b[at + 19] & 63, end);
    i = putAddress(p, F.srcProtAddr, F.srcProtAddrBytes, i, b[body], end);
    i = putAddress(p, F.dstProtAddr, F.dstProtAddrByets, i, b[body + 1], end);
    if (i < 0) return unfit(p);
    const extensions = u16be(b, at + 14);
    const clientsEnd = Math.min(end, extensions > 0 ? at + extensions : end);
    while (i + CLIENT.length <= clientsEnd) i = putClient(p, i, clientsEnd);
    return extensions > 0 ? putExtensions(p, at + extensions, end) : DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.hdrOpType)] ?? 'Unknown',
});
export default nhrp;

/** An address of `size` bytes, of IPv4 where there are four; returns where it ends, -1 where it does not fit. */
function putAddress(p: PacketView, f4: Field | undefined, other: Field, at: number, size: number, end: number): number {
  if (at < 0 || at + size > end) return -1;
  if (size === 4 && f4 !== undefined) p.put(f4, at, 4);
  else if (size > 0) p.put(other, at, size);
  return at + size;
}

function putClient(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  putLayout(p, CLIENT, at, end);
  let i = putAddress(p, F.clientNbmaAddr, F.clientNbmaAddrBytes, at + CLIENT.length, b[at + 8] & 63, end);
  i = putAddress(p, undefined, F.clientNbmaSaddr, i, b[at + 9] & 63, end);
  i = putAddress(p, F.clientProtAddr, F.clientProtAddrBytes, i, b[at + 10], end);
  return i < 0 ? end : i;
}

function putExtensions(p: PacketView, at: number, end: number): number {
  for (let i = at; i + 4 <= end;) {
    const type = u16be(p.bytes, i) & 0x3fff;
    const length = u16be(p.bytes, i + 2);
    const next = i + 4 + length;
    putLayout(p, EXTENSION, i, end);
    if (type === EXTENSION_END || next > end) return DONE;
    for (let k = i + 4; type !== 7 && k + CLIENT.length <= next;) k = putClient(p, k, next);
    i = next;
  }
  return DONE;
}
