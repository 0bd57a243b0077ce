import { u16be } from '../../base/bytes.ts';
import { putChecksum } from '../checksum.ts';
import { defineFields, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';

export const icmpExtensionFields = defineFields({
  ext: { name: 'icmp.ext', ...put('none', 'ICMP Extensions') },
  extVersion: { name: 'icmp.ext.version', ...put('u8', 'Version', { mask: 0xf0 }) },
  extRes: { name: 'icmp.ext.res', ...put('u16', 'Reserved', { base: 'hex', mask: 0xfff }) },
  extChecksum: { name: 'icmp.ext.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  extLength: { name: 'icmp.ext.length', ...put('u16', 'Length') },
  extClass: { name: 'icmp.ext.class', ...put('u8', 'Class') },
  extCtype: { name: 'icmp.ext.ctype', ...put('u8', 'C-Type') },
  extData: { name: 'icmp.ext.data', ...put('bytes', 'Data') },
  mplsLabel: { name: 'icmp.mpls.label', ...put('u24', 'Label', { mask: 0xfffff0 }) },
  mplsExp: { name: 'icmp.mpls.exp', ...put('u24', 'Experimental', { mask: 0xe }) },
  mplsS: { name: 'icmp.mpls.s', ...put('boolean', 'Stack bit', { mask: 0x1, size: 3 }) },
  mplsTtl: { name: 'icmp.mpls.ttl', ...put('u8', 'Time to live') },
  extEchoSeq: { name: 'icmp.ext.echo.seq', ...put('u8', 'Sequence Number', { base: 'dec_hex' }) },
  extEchoReqRes: { name: 'icmp.ext.echo.req.res', ...put('u8', 'Reserved', { base: 'hex', mask: 0xfe }) },
  extEchoReqLocal: { name: 'icmp.ext.echo.req.local', ...put('boolean', 'Local bit', { mask: 0x1 }) },
  extEchoRspState: { name: 'icmp.ext.echo.rsp.state', ...put('u8', 'State', { mask: 0xe0 }) },
  extEchoRspRes: { name: 'icmp.ext.echo.rsp.res', ...put('u8', 'Reserved', { base: 'hex', mask: 0x18 }) },
  extEchoRspActive: { name: 'icmp.ext.echo.rsp.active', ...put('boolean', 'Active bit', { mask: 0x4 }) },
  extEchoRspIpv4: { name: 'icmp.ext.echo.rsp.ipv4', ...put('boolean', 'IPv4 bit', { mask: 0x2 }) },
  extEchoRspIpv6: { name: 'icmp.ext.echo.rsp.ipv6', ...put('boolean', 'IPv6 bit', { mask: 0x1 }) },
  intIdentName: { name: 'icmp.int_ident.name', ...put('string', 'Name') },
  intIdentIndex: { name: 'icmp.int_ident.index', ...put('u32', 'Interface Index') },
  intIdentAfi: { name: 'icmp.int_ident.afi', ...put('u16', 'Address Family Identifier') },
  intIdentAddrLength: { name: 'icmp.int_ident.addr_length', ...put('u8', 'Address Length') },
  intIdentReserved: { name: 'icmp.int_ident.reserved', ...put('bytes', 'Reserved', { size: 1 }) },
  intIdentIpv4: { name: 'icmp.int_ident.ipv4', ...put('ipv4', 'Address') },
  intIdentIpv6: { name: 'icmp.int_ident.ipv6', ...put('ipv6', 'Address') },
  extChecksumStatus: { name: 'icmp.ext.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  extChecksumBad: { name: 'icmp.ext.checksum_bad', ...put('none', 'Bad checksum') },
});
const F = icmpExtensionFields;

const HEAD = layout({ 0: [F.extVersion, F.extRes], 2: F.extChecksum });
const OBJECT = layout({ 0: F.extLength, 2: F.extClass, 3: F.extCtype });
const ADDRESS = layout({ 0: F.intIdentAfi, 2: F.intIdentAddrLength, 3: F.intIdentReserved });
const MPLS = layout({ 0: [F.mplsLabel, F.mplsExp, F.mplsS], 3: F.mplsTtl });
const ECHO = layout({ 6: F.extEchoSeq, 7: [F.extEchoReqRes, F.extEchoReqLocal] });
const ECHO_REPLY = layout({ 6: F.extEchoSeq, 7: [F.extEchoRspState, F.extEchoRspRes, F.extEchoRspActive, F.extEchoRspIpv4, F.extEchoRspIpv6] });

const HEAD_LEN = 4;
const OBJECT_LEN = 4;
const LABEL_STACK = 1;
const INTERFACE_IDENT = 3;
const BY_NAME = 1;
const BY_INDEX = 2;
const BY_ADDRESS = 3;
const IPV4 = 1;
const IPV6 = 2;
/** What a datagram is padded to where its length is not said (RFC 4884 §5.5). */
const PADDED_LEN = 128;

/** Second head of an extended echo (RFC 8335). */
export function putExtendedEcho(p: PacketView, at: number, end: number, isReply: boolean): void {
  putLayout(p, isReply ? ECHO_REPLY : ECHO, at, end);
}

/** Extensions behind the datagram that the message at `at` quotes: `words` of 4 bytes, or as much as was common before they had one. */
export function putExtensionsAfter(p: PacketView, at: number, end: number, words: number): void {
  const quoted = at + 8;
  if (words > 0) putIcmpExtensions(p, quoted + words * 4, end);
  else if (end - quoted > PADDED_LEN && u16be(p.bytes, quoted + 2) <= PADDED_LEN) putIcmpExtensions(p, quoted + PADDED_LEN, end);
}

/** Multi-part extensions of ICMP (RFC 4884 §7): a head and objects. */
export function putIcmpExtensions(p: PacketView, at: number, end: number): void {
  if (at + HEAD_LEN > end || !p.detail) return;
  p.put(F.ext, at, end - at);
  putLayout(p, HEAD, at, end);
  putChecksum(p, F.extChecksumStatus, 'icmp.ext.checksum_bad', at + 2, at, p.wireEnd, 0, 'warn');
  for (let i = at + HEAD_LEN; i + OBJECT_LEN <= end;) {
    putLayout(p, OBJECT, i, end);
    const stop = i + u16be(p.bytes, i);
    if (stop < i + OBJECT_LEN) return;
    const fits = stop <= end;
    if (!fits || !putObject(p, i + OBJECT_LEN, stop, p.bytes[i + 2], p.bytes[i + 3])) putRest(p, i + OBJECT_LEN, Math.min(stop, end));
    i = stop;
  }
}

function putRest(p: PacketView, at: number, end: number): void {
  if (end > at) p.put(F.extData, at, end - at);
}

function putObject(p: PacketView, at: number, end: number, kind: number, type: number): boolean {
  if (kind === LABEL_STACK) {
    for (let i = at; i + 4 <= end; i += 4) putLayout(p, MPLS, i, end);
    return true;
  }
  if (kind !== INTERFACE_IDENT) return false;
  if (type === BY_NAME) p.put(F.intIdentName, at, end - at);
  else if (type === BY_INDEX && end - at >= 4) p.put(F.intIdentIndex, at, 4);
  else if (type === BY_ADDRESS && end - at >= 4) {
    putLayout(p, ADDRESS, at, end);
    const family = u16be(p.bytes, at);
    if (family === IPV4 && at + 8 <= end) p.put(F.intIdentIpv4, at + 4, 4);
    else if (family === IPV6 && at + 20 <= end) p.put(F.intIdentIpv6, at + 4, 16);
  } else return false;
  return true;
}
