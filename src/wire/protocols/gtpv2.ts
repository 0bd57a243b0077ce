import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const VERSION = 2;
const TEID = 0x08;
const MAX_DEPTH = 4;

// Information elements (3GPP TS 29.274 §8.1).
const APN = 71;
const AMBR = 72;
const PAA = 79;
const F_TEID = 87;
const BEARER_CONTEXT = 93;

const MESSAGES = {
  1: 'Echo Request', 2: 'Echo Response', 3: 'Version Not Supported Indication', 32: 'Create Session Request', 33: 'Create Session Response',
  34: 'Modify Bearer Request', 35: 'Modify Bearer Response', 36: 'Delete Session Request', 37: 'Delete Session Response', 95: 'Create Bearer Request',
  96: 'Create Bearer Response', 97: 'Update Bearer Request', 98: 'Update Bearer Response', 99: 'Delete Bearer Request', 100: 'Delete Bearer Response',
  170: 'Release Access Bearers Request', 171: 'Release Access Bearers Response', 176: 'Downlink Data Notification',
} as const;

export const gtpv2Fields = defineFields({ 
  flags: { name: 'gtpv2.flags', ...fixed('u8', 0, 'Flags', { base: 'hex' }) },
  version: { name: 'gtpv2.version', ...fixed('u8', 0, 'Version', { mask: 0xe0 }) },
  p: { name: 'gtpv2.p', ...fixed('u8', 0, 'Piggybacking flag (P)', { mask: 0x10 }) },
  t: { name: 'gtpv2.t', ...fixed('u8', 0, 'TEID flag (T)', { mask: 0x8 }) },
  mp: { name: 'gtpv2.mp', ...fixed('u8', 0, 'Message Priority(MP)', { mask: 0x4 }) },
  messageType: { name: 'gtpv2.message_type', ...fixed('u8', 1, 'Message Type', { values: MESSAGES }) },
  msgLength: { name: 'gtpv2.msg_length', ...fixed('u16', 2, 'Message Length') },
  ieType: { name: 'gtpv2.ie_type', ...put('u8', 'IE Type') },
  ieLen: { name: 'gtpv2.ie_len', ...put('u16', 'IE Length') },
  cr: { name: 'gtpv2.cr', ...put('u8', 'CR flag', { mask: 0xf0 }) },
  instance: { name: 'gtpv2.instance', ...put('u8', 'Instance', { mask: 0xf }) },
  ambrUp: { name: 'gtpv2.ambr_up', ...put('u32', 'AMBR Uplink (Aggregate Maximum Bit Rate for Uplink)') },
  ambrDown: { name: 'gtpv2.ambr_down', ...put('u32', 'AMBR Downlink(Aggregate Maximum Bit Rate for Downlink)') },
  fTeidV4: { name: 'gtpv2.f_teid_v4', ...put('boolean', 'V4', { mask: 0x80 }) },
  fTeidV6: { name: 'gtpv2.f_teid_v6', ...put('boolean', 'V6', { mask: 0x40 }) },
  fTeidInterfaceType: { name: 'gtpv2.f_teid_interface_type', ...put('u8', 'Interface Type', { mask: 0x3f }) },
  fTeidGreKey: { name: 'gtpv2.f_teid_gre_key', ...put('u32', 'TEID/GRE Key', { base: 'hex' }) },
  cause: { name: 'gtpv2.cause', ...put('u8', 'Cause') },
  rec: { name: 'gtpv2.rec', ...put('u8', 'Restart Counter') },
  ebi: { name: 'gtpv2.ebi', ...put('u8', 'EPS Bearer ID (EBI)', { mask: 0xf }) },
  ratType: { name: 'gtpv2.rat_type', ...put('u8', 'RAT Type') },
  pdnType: { name: 'gtpv2.pdn_type', ...put('u8', 'PDN Type', { mask: 0x7 }) },
  teid: { name: 'gtpv2.teid', ...put('u32', 'Tunnel Endpoint Identifier', { base: 'hex' }) },
  seq: { name: 'gtpv2.seq', ...put('u24', 'Sequence Number', { base: 'hex' }) },
  spare: { name: 'gtpv2.spare', ...put('u16', 'Spare') },
  spareBits: { name: 'gtpv2.spare_bits', ...put('u8', 'Spare bit(s)') },
  fTeidIpv4: { name: 'gtpv2.f_teid_ipv4', ...put('ipv4', 'F-TEID IPv4') },
  fTeidIpv6: { name: 'gtpv2.f_teid_ipv6', ...put('ipv6', 'F-TEID IPv6') },
  pdnAddrAndPrefixIpv4: { name: 'gtpv2.pdn_addr_and_prefix.ipv4', ...put('ipv4', 'PDN Address and Prefix(IPv4)') },
  apn: { name: 'gtpv2.apn', ...put('string', 'APN (Access Point Name)') },
});
const F = gtpv2Fields;

const ELEMENT = layout({ 0: F.ieType, 1: F.ieLen, 3: [F.cr, F.instance] });
const AMBR_PART = layout({ 0: F.ambrUp, 4: F.ambrDown });
const F_TEID_PART = layout({ 0: [F.fTeidV4, F.fTeidV6, F.fTeidInterfaceType], 1: F.fTeidGreKey });
/** Elements with one value of one size. */
const VALUES: Readonly<Record<number, Field>> = { 2: F.cause, 3: F.rec, 73: F.ebi, 82: F.ratType, 99: F.pdnType };

/** Control messages of evolved packet cores. */
export const gtpv2 = defineDissector({
  name: 'gtpv2',
  title: 'GPRS Tunneling Protocol V2',
  short: 'GTPv2',
  spec: ['3GPP TS 29.274 §5, §8'],
  over: {},
  column: 'GTPv2',
  fields: gtpv2Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (b[at] >> 5 !== VERSION) return DECLINE;
    let i = at + 4;
    if ((b[at] & TEID) !== 0) {
      if (end - at < 12) return p.tooShort(12);
      p.put(F.teid, i, 4);
      i += 4;
    }
    p.put(F.seq, i, 3);
    p.put(F.spare, i + 3, 1);
    putElements(p, i + 4, Math.min(end, at + 4 + u16be(b, at + 2)), 0);
    return DONE;
  },
  info: (row) => (MESSAGES as Readonly<Record<number, string>>)[row.num(F.messageType)] ?? 'Unknown',
});
export default gtpv2;

function putElements(p: PacketView, at: number, end: number, depth: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    putLayout(p, ELEMENT, i, end);
    const value = i + 4;
    const next = value + u16be(b, i + 1);
    if (next > end) return;
    const size = next - value;
    const single = VALUES[b[i]];
    if (single !== undefined && size > 0) {
      if (b[i] === 73) p.put(F.spareBits, value, 1);
      p.put(single, value, 1);
    } else if (b[i] === AMBR) putLayout(p, AMBR_PART, value, next);
    else if (b[i] === F_TEID && putLayout(p, F_TEID_PART, value, next)) {
      const isFourth = (b[value] & 0x80) !== 0;
      if (isFourth && size >= 9) p.put(F.fTeidIpv4, value + 5, 4);
      if ((b[value] & 0x40) !== 0 && size >= (isFourth ? 25 : 21)) p.put(F.fTeidIpv6, value + (isFourth ? 9 : 5), 16);
    } else if (b[i] === PAA && size >= 1) {
      p.put(F.pdnType, value, 1);
      if ((b[value] & 7) === 1 && size >= 5) p.put(F.pdnAddrAndPrefixIpv4, value + 1, 4);
    } else if (b[i] === APN && size > 0 && p.wants(F.apn)) {
      let text = '';
      for (let k = value; k < next; k += 1 + b[k]) text += `${text === '' ? '' : '.'}${p.host.utf8(b, k + 1, Math.min(next, k + 1 + b[k]))}`;
      p.putText(F.apn, value, size, text);
    } else if (b[i] === BEARER_CONTEXT && depth < MAX_DEPTH) putElements(p, value, next, depth + 1);
    i = next;
  }
}
