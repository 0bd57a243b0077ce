import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 12;
const CONTROL = 1;

const TYPES = {
  1: 'Start-Control-Connection-Request', 2: 'Start-Control-Connection-Reply', 3: 'Stop-Control-Connection-Request', 4: 'Stop-Control-Connection-Reply',
  5: 'Echo-Request', 6: 'Echo-Reply', 7: 'Outgoing-Call-Request', 8: 'Outgoing-Call-Reply', 9: 'Incoming-Call-Request', 10: 'Incoming-Call-Reply',
  11: 'Incoming-Call-Connected', 12: 'Call-Clear-Request', 13: 'Call-Disconnect-Notify', 14: 'WAN-Error-Notify', 15: 'Set-Link-Info',
} as const;

export const pptpFields = defineFields({ 
  length: { name: 'pptp.length', ...fixed('u16', 0, 'Length') },
  type: { name: 'pptp.type', ...fixed('u16', 2, 'Message type') },
  magicCookie: { name: 'pptp.magic_cookie', ...fixed('u32', 4, 'Magic Cookie', { base: 'hex' }) },
  controlMessageType: { name: 'pptp.control_message_type', ...fixed('u16', 8, 'Control Message Type', { values: TYPES }) },
  protocolVersion: { name: 'pptp.protocol_version', ...put('u16', 'Protocol version') },
  reserved: { name: 'pptp.reserved', ...put('bytes', 'Reserved') },
  framingCapabilities: { name: 'pptp.framing_capabilities', ...put('u32', 'Framing Capabilities') },
  bearerCapabilities: { name: 'pptp.bearer_capabilities', ...put('u32', 'Bearer Capabilities') },
  maximumChannels: { name: 'pptp.maximum_channels', ...put('u16', 'Maximum Channels') },
  firmwareRevision: { name: 'pptp.firmware_revision', ...put('u16', 'Firmware Revision') },
  hostName: { name: 'pptp.host_name', ...put('string', 'Host Name') },
  vendorName: { name: 'pptp.vendor_name', ...put('string', 'Vendor Name') },
  controlResult: { name: 'pptp.control_result', ...put('u8', 'Result Code') },
  error: { name: 'pptp.error', ...put('u8', 'Error Code') },
  identifier: { name: 'pptp.identifier', ...put('u32', 'Identifier') },
  callId: { name: 'pptp.call_id', ...put('u16', 'Call ID') },
  callSerialNumber: { name: 'pptp.call_serial_number', ...put('u16', 'Call Serial Number') },
  minimumBps: { name: 'pptp.minimum_bps', ...put('u32', 'Minimum BPS') },
  maximumBps: { name: 'pptp.maximum_bps', ...put('u32', 'Maximum BPS') },
  bearerType: { name: 'pptp.bearer_type', ...put('u32', 'Bearer Type') },
  framingType: { name: 'pptp.framing_type', ...put('u32', 'Framing Type') },
  packetReceiveWindowSize: { name: 'pptp.packet_receive_window_size', ...put('u16', 'Packet Receive Window Size') },
  packetProcessingDelay: { name: 'pptp.packet_processing_delay', ...put('u16', 'Packet Processing Delay') },
  phoneNumberLength: { name: 'pptp.phone_number_length', ...put('u16', 'Phone Number Length') },
  phoneNumber: { name: 'pptp.phone_number', ...put('string', 'Phone Number') },
  subaddress: { name: 'pptp.subaddress', ...put('string', 'Subaddress') },
  peerCallId: { name: 'pptp.peer_call_id', ...put('u16', 'Peer Call ID') },
  outResult: { name: 'pptp.out_result', ...put('u8', 'Result Code') },
  cause: { name: 'pptp.cause', ...put('u16', 'Cause Code') },
  connectSpeed: { name: 'pptp.connect_speed', ...put('u32', 'Connect Speed') },
  physicalChannelId: { name: 'pptp.physical_channel_id', ...put('u32', 'Physical Channel ID') },
  sendAccm: { name: 'pptp.send_accm', ...put('u32', 'Send ACCM', { base: 'hex' }) },
  receiveAccm: { name: 'pptp.receive_accm', ...put('u32', 'Receive ACCM', { base: 'hex' }) },
});
const F = pptpFields;

/** Bodies by type (RFC 2637 §2). */
const BODIES: Readonly<Record<number, Layout>> = {
  1: layout({
    12: F.protocolVersion, 14: [[F.reserved, 2]], 16: F.framingCapabilities, 20: F.bearerCapabilities, 24: F.maximumChannels, 26: F.firmwareRevision,
    28: [[F.hostName, 64]], 92: [[F.vendorName, 64]],
  }),
  2: layout({
    12: F.protocolVersion, 14: F.controlResult, 15: F.error, 16: F.framingCapabilities, 20: F.bearerCapabilities, 24: F.maximumChannels, 26: F.firmwareRevision,
    28: [[F.hostName, 64]], 92: [[F.vendorName, 64]],
  }),
  5: layout({ 12: F.identifier }),
  7: layout({
    12: F.callId, 14: F.callSerialNumber, 16: F.minimumBps, 20: F.maximumBps, 24: F.bearerType, 28: F.framingType, 32: F.packetReceiveWindowSize,
    34: F.packetProcessingDelay, 36: F.phoneNumberLength, 38: [[F.reserved, 2]], 40: [[F.phoneNumber, 64]], 104: [[F.subaddress, 64]],
  }),
  8: layout({
    12: F.callId, 14: F.peerCallId, 16: F.outResult, 17: F.error, 18: F.cause, 20: F.connectSpeed, 24: F.packetReceiveWindowSize, 26: F.packetProcessingDelay,
    28: F.physicalChannelId,
  }),
  12: layout({ 12: F.callId, 14: [[F.reserved, 2]] }),
  15: layout({ 12: F.peerCallId, 14: [[F.reserved, 2]], 16: F.sendAccm, 20: F.receiveAccm }),
};

/** The control connection; packets ride on GRE. */
export const pptp = defineDissector({
  name: 'pptp',
  title: 'Point-to-Point Tunnelling Protocol',
  spec: ['RFC 2637 §2'],
  over: { 'tcp.port': [1723] },
  fields: pptpFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const verdict = p.more(HEADER_LEN - (end - at));
      return verdict === DONE ? p.tooShort(HEADER_LEN) : verdict;
    }
    const b = p.bytes;
    const length = u16be(b, at);
    if (length < HEADER_LEN) return DECLINE;
    const next = at + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    p.put(F.reserved, at + 10, 2);
    const body = u16be(b, at + 2) === CONTROL ? BODIES[u16be(b, at + 8)] : undefined;
    if (body !== undefined) putLayout(p, body, at, Math.min(end, next));
    if (next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.controlMessageType)] ?? 'Unknown',
});
export default pptp;
