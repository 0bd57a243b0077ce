import { u16be, u16le, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const SAP_SNAP = 0xaa;
const SNAP_LEN = 5;
const OUI_ETHERNET = 0x000000;
/** Bridge tunnel of 802.1H: EtherTypes again. */
const OUI_TUNNEL = 0x0000f8;
const OUI_CISCO = 0x00000c;
const OUI_APPLE = 0x080007;
const OUI_AIRONET = 0x004096;
const OUI_EXTREME = 0x00e02b;
const OUI_NORTEL = 0x000081;
/** IEEE 802.1: whole frames of other media (RFC 2684 §5.2). */
const OUI_BRIDGED = 0x0080c2;
/** Frames of control without numbers (unnumbered) have a control field of one byte. */
const UNNUMBERED = 3;
const SUPERVISORY = 1;
const RESPONSE = 1;

const SAPS = {
  0x00: 'NULL LSAP', 0x06: 'TCP/IP', 0x42: 'Spanning Tree BPDU', 0x7e: 'ISO 8208 (X.25 over 802.2)', 0xaa: 'SNAP', 0xbc: 'Banyan Vines', 0xe0: 'NetWare', 0xf0: 'NetBIOS',
  0xfe: 'ISO Network Layer', 0xff: 'Global DSAP',
} as const;
const LITTLE = { little: true } as const;

export const llcFields = defineFields({
  dsap: { name: 'llc.dsap', ...fixed('u8', 0, 'DSAP', { base: 'hex', values: SAPS }) },
  dsapSap: { name: 'llc.dsap.sap', ...fixed('u8', 0, 'SAP', { mask: 0xfe }) },
  dsapIg: { name: 'llc.dsap.ig', ...fixed('boolean', 0, 'IG Bit', { mask: 0x01 }) },
  ssap: { name: 'llc.ssap', ...fixed('u8', 1, 'SSAP', { base: 'hex', values: SAPS }) },
  ssapSap: { name: 'llc.ssap.sap', ...fixed('u8', 1, 'SAP', { mask: 0xfe }) },
  ssapCr: { name: 'llc.ssap.cr', ...fixed('boolean', 1, 'CR Bit', { mask: 0x01 }) },
  control: { name: 'llc.control', ...put('u16', 'Control', { base: 'hex', ...LITTLE }) },
  frameType: { name: 'llc.control.ftype', ...put('u8', 'Frame type', { base: 'hex', values: { 0: 'Information frame', 1: 'Supervisory frame', 3: 'Unnumbered frame' } }) },
  command: { name: 'llc.control.u_modifier_cmd', ...put('u8', 'Command', { base: 'hex', mask: 0xec }) },
  response: { name: 'llc.control.u_modifier_resp', ...put('u8', 'Response', { base: 'hex', mask: 0xec }) },
  supervisory: { name: 'llc.control.s_ftype', ...put('u16', 'Supervisory frame type', { base: 'hex', mask: 0x000c, ...LITTLE }) },
  sent: { name: 'llc.control.n_s', ...put('u16', 'N(S)', { mask: 0x00fe, ...LITTLE }) },
  received: { name: 'llc.control.n_r', ...put('u16', 'N(R)', { mask: 0xfe00, ...LITTLE }) },
  poll: { name: 'llc.control.p', ...put('boolean', 'Poll') },
  final: { name: 'llc.control.f', ...put('boolean', 'Final') },
  oui: { name: 'llc.oui', ...put('u24', 'Organization Code', { base: 'dec' }) },
  type: { name: 'llc.type', ...put('u16', 'Type', { base: 'hex' }) },
  pid: { name: 'llc.pid', ...put('u16', 'Protocol ID', { base: 'hex' }) },
  ciscoPid: { name: 'llc.cisco_pid', ...put('u16', 'PID', { base: 'hex', values: { 0x0104: 'PAgP', 0x010b: 'PVSTP+', 0x0111: 'UDLD', 0x2000: 'CDP', 0x2003: 'VTP', 0x2004: 'DTP' } }) },
  applePid: { name: 'llc.apple_atalk_pid', ...put('u16', 'PID', { base: 'hex' }) },
  aironetPid: { name: 'llc.wlccp_pid', ...put('u16', 'PID', { base: 'hex' }) },
  extremePid: { name: 'llc.extreme_pid', ...put('u16', 'PID', { base: 'hex' }) },
  nortelPid: { name: 'llc.nortel_pid', ...put('u16', 'PID', { base: 'hex' }) },
});
const F = llcFields;

/** Logical link control: access points, a control field, and where they say SNAP, whose number the type is. */
export const llc = defineDissector({
  name: 'llc',
  title: 'Logical-Link Control',
  spec: ['IEEE 802.2 §5', 'RFC 1042'],
  over: { link: [11, 100, 106] },
  tables: ['llc.dsap', 'llc.cisco_pid'],
  fields: llcFields,
  dissect(p, at, end) {
    if (end - at < 3) return p.tooShort(3);
    const b = p.bytes;
    const dsap = b[at];
    const controlLen = (b[at + 2] & UNNUMBERED) === UNNUMBERED ? 1 : 2;
    if (end - at < 2 + controlLen) return p.tooShort(2 + controlLen);
    if (p.detail) putControl(p, at + 2, controlLen, (b[at + 1] & RESPONSE) !== 0);
    const payload = at + 2 + controlLen;
    if (dsap !== SAP_SNAP || b[at + 1] !== SAP_SNAP) {
      p.payload(payload, p.wireEnd);
      return p.next('llc.dsap', dsap);
    }
    if (end - payload < SNAP_LEN) return p.tooShort(payload + SNAP_LEN - at);
    p.put(F.oui, payload, 3);
    p.payload(payload + SNAP_LEN, p.wireEnd);
    return snap(p, payload);
  },
  info: (row) => (row.has(F.command) ? `U, func=${row.num(F.command) === 0 ? 'UI' : row.text(F.command)}` : `Control ${row.text(F.control)}`),
});
export default llc;

function putControl(p: PacketView, at: number, len: number, isResponse: boolean): void {
  p.put(F.control, at, len);
  const control = len === 1 ? p.bytes[at] : u16le(p.bytes, at);
  const isSet = (control & (len === 1 ? 0x10 : 0x0100)) !== 0;
  const kind = (control & 1) === 0 ? 0 : control & 3;
  if (len === 1) p.put(isResponse ? F.response : F.command, at, 1);
  else {
    if (kind === SUPERVISORY) p.put(F.supervisory, at, 2);
    else p.put(F.sent, at, 2);
    p.put(F.received, at, 2);
  }
  if (isSet) p.putInt(isResponse ? F.final : F.poll, at, len, 1);
  p.putInt(F.frameType, at, len, kind);
}

/** Behind SNAP: the owner of the number decides what it means. */
function snap(p: PacketView, at: number): number {
  const b = p.bytes;
  const type = u16be(b, at + 3);
  switch (u24be(b, at)) {
    case OUI_ETHERNET: case OUI_TUNNEL:
      p.put(F.type, at + 3, 2);
      return p.next('ethertype', type, -2);
    case OUI_CISCO:
      p.put(F.ciscoPid, at + 3, 2);
      return p.next('llc.cisco_pid', type);
    case OUI_APPLE:
      p.put(F.applePid, at + 3, 2);
      return type === 0x809b ? p.id('ddp') : 0;
    case OUI_AIRONET:
      p.put(F.aironetPid, at + 3, 2);
      return type === 0 ? p.id('wlccp') : 0;
    case OUI_EXTREME:
      p.put(F.extremePid, at + 3, 2);
      return type === 0x00bb ? p.id('edp') : 0;
    case OUI_NORTEL:
      p.put(F.nortelPid, at + 3, 2);
      return type === 0x01a1 || type === 0x01a2 ? p.id('ndp') : 0;
    case OUI_BRIDGED:
      p.put(F.pid, at + 3, 2);
      return bridged(p, type, at + SNAP_LEN);
    default:
      p.put(F.pid, at + 3, 2);
      return 0;
  }
}

/** Bridged frames behind two bytes of padding, with or without their check sequence; bridge protocol units as they are. */
function bridged(p: PacketView, type: number, at: number): number {
  if (type === 0x000e) return p.id('stp');
  if (type !== 0x0001 && type !== 0x0007) return 0;
  p.payload(at + 2, type === 0x0001 ? p.wireEnd - 4 : p.wireEnd);
  return p.id('eth');
}
