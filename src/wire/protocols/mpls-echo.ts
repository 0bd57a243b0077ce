import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 32;
/** A data plane verification head is the same without its times (RFC 6426 §3). */
const SHORT_LEN = 16;
const FEC_STACK = 1;
const LDP_IPV4 = 1;
const LDP_IPV6 = 2;
const RSVP_P2MP_IPV4 = 17;
const EPOCH_SECONDS = 2_208_988_800;
const ERA_SECONDS = 0x1_0000_0000;

const TYPES = { 1: 'MPLS Echo Request', 2: 'MPLS Echo Reply', 3: 'MPLS Data Plane Verification Request', 4: 'MPLS Data Plane Verification Reply' } as const;

export const mplsEchoFields = defineFields({ 
  version: { name: 'mpls_echo.version', ...fixed('u16', 0, 'Version') },
  msgType: { name: 'mpls_echo.msg_type', ...fixed('u8', 4, 'Message Type', { values: TYPES }) },
  replyMode: { name: 'mpls_echo.reply_mode', ...fixed('u8', 5, 'Reply Mode') },
  returnCode: { name: 'mpls_echo.return_code', ...fixed('u8', 6, 'Return Code') },
  returnSubcode: { name: 'mpls_echo.return_subcode', ...fixed('u8', 7, 'Return Subcode') },
  senderHandle: { name: 'mpls_echo.sender_handle', ...fixed('u32', 8, 'Sender\'s Handle', { base: 'hex' }) },
  sequence: { name: 'mpls_echo.sequence', ...fixed('u32', 12, 'Sequence Number') },
  flags: { name: 'mpls_echo.flags', ...put('u16', 'Global Flags', { base: 'hex' }) },
  flagSbz: { name: 'mpls_echo.flag_sbz', ...put('u16', 'Reserved', { base: 'hex', mask: 0xfff8 }) },
  flagV: { name: 'mpls_echo.flag_v', ...put('boolean', 'Validate FEC Stack', { mask: 0x1, size: 2 }) },
  flagT: { name: 'mpls_echo.flag_t', ...put('boolean', 'Respond only if TTL expired', { mask: 0x2, size: 2 }) },
  flagR: { name: 'mpls_echo.flag_r', ...put('boolean', 'Validate Reverse Path', { mask: 0x4, size: 2 }) },
  tlvFecRsvpP2mpIpv4Id: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ipv4_id', ...put('u32', 'P2MP ID') },
  tlvFecRsvpP2mpIpMbz1: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ip_mbz1', ...put('u16', 'Must Be Zero') },
  tlvFecRsvpP2mpIpTunId: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ip_tun_id', ...put('u16', 'Tunnel ID') },
  tlvFecRsvpP2mpIpv4ExtTunId: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ipv4_ext_tun_id', ...put('ipv4', 'Extended Tunnel ID') },
  tlvFecRsvpP2mpIpv4Sender: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ipv4_sender', ...put('ipv4', 'IPv4 Tunnel sender address') },
  tlvFecRsvpP2mpIpMbz2: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ip_mbz2', ...put('u16', 'Must Be Zero') },
  tlvFecRsvpP2mpIpLspId: { name: 'mpls_echo.tlv.fec.rsvp_p2mp_ip_lsp_id', ...put('u16', 'LSP ID') },
  timestampSent: { name: 'mpls_echo.timestamp_sent', ...put('abstime', 'Timestamp Sent', { base: 'utc' }) },
  timestampRec: { name: 'mpls_echo.timestamp_rec', ...put('abstime', 'Timestamp Received', { base: 'utc' }) },
  mbz: { name: 'mpls_echo.mbz', ...put('u16', 'MBZ', { base: 'hex' }) },
  tlvType: { name: 'mpls_echo.tlv.type', ...put('u16', 'Type') },
  tlvLen: { name: 'mpls_echo.tlv.len', ...put('u16', 'Length') },
  tlvValue: { name: 'mpls_echo.tlv.value', ...put('bytes', 'Value') },
  tlvFecType: { name: 'mpls_echo.tlv.fec.type', ...put('u16', 'Type') },
  tlvFecLen: { name: 'mpls_echo.tlv.fec.len', ...put('u16', 'Length') },
  tlvFecLdpIpv4: { name: 'mpls_echo.tlv.fec.ldp_ipv4', ...put('ipv4', 'IPv4 Prefix') },
  tlvFecLdpIpv4Mask: { name: 'mpls_echo.tlv.fec.ldp_ipv4_mask', ...put('u8', 'Prefix Length') },
  tlvFecLdpIpv6: { name: 'mpls_echo.tlv.fec.ldp_ipv6', ...put('ipv6', 'IPv6 Prefix') },
  tlvFecLdpIpv6Mask: { name: 'mpls_echo.tlv.fec.ldp_ipv6_mask', ...put('u8', 'Prefix Length') },
  padding: { name: 'mpls_echo.padding', ...put('bytes', 'Padding') },
});
const F = mplsEchoFields;

const FLAGS = layout({ 2: [F.flags, F.flagSbz, F.flagV, F.flagT, F.flagR] });
const P2MP = layout({
  0: F.tlvFecRsvpP2mpIpv4Id, 4: F.tlvFecRsvpP2mpIpMbz1, 6: F.tlvFecRsvpP2mpIpTunId, 8: F.tlvFecRsvpP2mpIpv4ExtTunId, 12: F.tlvFecRsvpP2mpIpv4Sender,
  16: F.tlvFecRsvpP2mpIpMbz2, 18: F.tlvFecRsvpP2mpIpLspId,
});

export const mplsEcho = defineDissector({
  name: 'mpls-echo',
  title: 'Multiprotocol Label Switching Echo',
  short: 'MPLS ECHO',
  spec: ['RFC 8029 §3'],
  over: { 'udp.port': [3503] },
  fields: mplsEchoFields,
  dissect(p, at, end) {
    if (end - at < SHORT_LEN) return p.tooShort(SHORT_LEN);
    const type = p.bytes[at + 4];
    let i = at + SHORT_LEN;
    if (type === 1 || type === 2) {
      putLayout(p, FLAGS, at, end);
      if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
      putStamp(p, F.timestampSent, at + 16);
      putStamp(p, F.timestampRec, at + 24);
      i = at + HEADER_LEN;
    } else p.put(F.mbz, at + 2, 2);
    while (i + 4 <= end) {
      const length = u16be(p.bytes, i + 2);
      p.put(F.tlvType, i, 2);
      p.put(F.tlvLen, i + 2, 2);
      if (i + 4 + length > end) return end < p.wireEnd ? p.tooShort(i + 4 + length - at) : DONE;
      if (u16be(p.bytes, i) === FEC_STACK) putStack(p, i + 4, i + 4 + length);
      else if (length > 0) p.put(F.tlvValue, i + 4, length);
      i += 4 + ((length + 3) & ~3);
    }
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.msgType)] ?? 'Unknown',
});
export default mplsEcho;

/** Seconds of NTP's era, and here microseconds of senders that do not scale them. */
function putStamp(p: PacketView, f: Field, at: number): void {
  const seconds = u32be(p.bytes, at);
  const fraction = u32be(p.bytes, at + 4);
  if (seconds === 0 && fraction === 0) {
    p.putTime(f, at, 8, 0, 0);
    return;
  }
  p.putTime(f, at, 8, seconds >= 0x80000000 ? seconds - EPOCH_SECONDS : seconds + ERA_SECONDS - EPOCH_SECONDS, Math.floor((fraction * 1_000_000_000) / ERA_SECONDS));
}

function putStack(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 4 <= end;) {
    const type = u16be(p.bytes, i);
    const length = u16be(p.bytes, i + 2);
    const value = i + 4;
    p.put(F.tlvFecType, i, 2);
    p.put(F.tlvFecLen, i + 2, 2);
    if (value + length > end) return;
    if (type === LDP_IPV4 && length === 5) {
      p.put(F.tlvFecLdpIpv4, value, 4);
      p.put(F.tlvFecLdpIpv4Mask, value + 4, 1);
    } else if (type === LDP_IPV6 && length === 17) {
      p.put(F.tlvFecLdpIpv6, value, 16);
      p.put(F.tlvFecLdpIpv6Mask, value + 16, 1);
    } else if (type === RSVP_P2MP_IPV4) putLayout(p, P2MP, value, value + length);
    const padding = -length & 3;
    if (padding > 0 && value + length + padding <= end) p.put(F.padding, value + length, padding);
    i = value + length + padding;
  }
}
