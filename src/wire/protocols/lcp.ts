import { PPP_CODES, pppControlFields, pppOptionFields, readPppControl } from '../codecs/ppp-control.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const OPTIONS = {
  1: 'Maximum Receive Unit', 2: 'Async Control Character Map', 3: 'Authentication Protocol', 4: 'Quality Protocol', 5: 'Magic Number', 7: 'Protocol Field Compression',
  8: 'Address and Control Field Compression', 9: 'FCS Alternatives', 13: 'Callback', 17: 'Multilink MRRU', 18: 'Multilink Short Sequence Number Header', 19: 'Multilink Endpoint Discriminator',
  23: 'Link Discriminator for BACP',
} as const;
const O = pppOptionFields('lcp', OPTIONS);

export const lcpFields = defineFields({
  magic: { name: 'lcp.magic_number', ...put('u32', 'Magic Number', { base: 'hex' }) },
  data: { name: 'lcp.data', ...put('bytes', 'Data') },
  message: { name: 'lcp.message', ...put('string', 'Message') },
  remaining: { name: 'lcp.secs_remaining', ...put('u32', 'Seconds Remaining') },
  rejected: { name: 'lcp.rej_proto', ...put('u16', 'Rejected Protocol', { base: 'hex' }) },
  mru: { name: 'lcp.opt.mru', ...put('u16', 'Maximum Receive Unit') },
  asyncMap: { name: 'lcp.opt.asyncmap', ...put('u32', 'Async Control Character Map', { base: 'hex' }) },
  auth: { name: 'lcp.opt.auth_protocol', ...put('u16', 'Authentication Protocol', { base: 'hex', values: { 0xc023: 'Password Authentication Protocol', 0xc223: 'Challenge Handshake Authentication Protocol', 0xc227: 'Extensible Authentication Protocol' } }) },
  algorithm: { name: 'lcp.opt.algorithm', ...put('u8', 'Algorithm', { values: { 5: 'CHAP with MD5', 128: 'MS-CHAP', 129: 'MS-CHAP-2' } }) },
  quality: { name: 'lcp.opt.quality_protocol', ...put('u16', 'Quality Protocol', { base: 'hex' }) },
  period: { name: 'lcp.opt.reporting_period', ...put('u32', 'Reporting Period') },
  optionMagic: { name: 'lcp.opt.magic_number', ...put('u32', 'Magic Number', { base: 'hex' }) },
  operation: { name: 'lcp.opt.operation', ...put('u8', 'Operation') },
  mrru: { name: 'lcp.opt.mrru', ...put('u16', 'MRRU') },
  endpointClass: { name: 'lcp.opt.ep_disc_class', ...put('u8', 'Class') },
  endpointIp: { name: 'lcp.opt.ip_address', ...put('ipv4', 'IP Address') },
  endpointMac: { name: 'lcp.opt.802_1_address', ...put('ether', 'IEEE 802.1 Address') },
  discriminator: { name: 'lcp.opt.link_discrim', ...put('u16', 'Link Discriminator', { base: 'dec_hex' }) },
  optionData: { name: 'lcp.opt.data', ...put('bytes', 'Data') },
});
const F = lcpFields;

export const lcp = defineDissector({
  name: 'lcp',
  title: 'PPP Link Control Protocol',
  short: 'PPP LCP',
  spec: ['RFC 1661 §5', 'RFC 1570', 'RFC 1990 §5.1'],
  over: { 'ppp.protocol': [0xc021] },
  fields: { ...pppControlFields, optionType: O.type, optionLength: O.length, ...F },
  dissect: (p, at, end) => readPppControl(p, at, end, O.type, O.length, readOption, readOther),
  info: (row) => PPP_CODES[row.num(pppControlFields.code) as keyof typeof PPP_CODES] ?? 'Unknown code',
});
export default lcp;

function readOption(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  if (type === 1 && length >= 2) p.put(F.mru, at, 2);
  else if (type === 2 && length >= 4) p.put(F.asyncMap, at, 4);
  else if (type === 3 && length >= 2) {
    p.put(F.auth, at, 2);
    if (length > 2) p.put(F.algorithm, at + 2, 1);
  } else if (type === 4 && length >= 2) {
    p.put(F.quality, at, 2);
    if (length >= 6) p.put(F.period, at + 2, 4);
  } else if (type === 5 && length >= 4) p.put(F.optionMagic, at, 4);
  else if (type === 13 && length >= 1) p.put(F.operation, at, 1);
  else if (type === 17 && length >= 2) p.put(F.mrru, at, 2);
  else if (type === 19 && length >= 1) {
    p.put(F.endpointClass, at, 1);
    if (p.bytes[at] === 2 && length >= 5) p.put(F.endpointIp, at + 1, 4);
    else if (p.bytes[at] === 3 && length >= 7) p.put(F.endpointMac, at + 1, 6);
    else if (length > 1) p.put(F.optionData, at + 1, length - 1);
  } else if (type === 23 && length >= 2) p.put(F.discriminator, at, 2);
  else if (length > 0) p.put(F.optionData, at, length);
}

function readOther(p: PacketView, code: number, at: number, end: number): void {
  const length = end - at;
  if (code === 8 && length >= 2) {
    p.put(F.rejected, at, 2);
    if (length > 2) p.put(F.data, at + 2, length - 2);
  } else if (code >= 9 && code <= 13 && length >= 4) {
    p.put(F.magic, at, 4);
    if (code === 13 && length >= 8) p.put(F.remaining, at + 4, 4);
    const from = code === 13 ? at + 8 : at + 4;
    if (end > from) p.put(code >= 12 ? F.message : F.data, from, end - from);
  } else p.put(F.data, at, length);
}
