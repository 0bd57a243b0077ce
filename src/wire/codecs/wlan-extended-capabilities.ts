import type { Field } from '../../filter/field.ts';
import { defineBits, putBits } from '../bit-fields.ts';
import type { PacketView } from '../packet-view.ts';

/** Extended Capabilities (IEEE 802.11-2020 §9.4.2.26): the fields of each byte. */
export const EXTENDED_CAPABILITIES: readonly (readonly Field[])[] = [
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b0', 0x1, '20/40 BSS Coexistence Management Support'],
    ['.b1', 0x2, 'Reserved (was On-demand beacon)', 'u8', 'hex'],
    ['.b2', 0x4, 'Extended Channel Switching'],
    ['.b3', 0x8, 'Reserved (was WAVE indication)', 'u8', 'hex'],
    ['.b4', 0x10, 'PSMP Capability'],
    ['.b5', 0x20, 'Reserved', 'u8', 'hex'],
    ['.b6', 0x40, 'S-PSMP Support'],
    ['.b7', 0x80, 'Event'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b8', 0x1, 'Diagnostics'],
    ['.b9', 0x2, 'Multicast Diagnostics'],
    ['.b10', 0x4, 'Location Tracking'],
    ['.b11', 0x8, 'FMS'],
    ['.b12', 0x10, 'Proxy ARP Service'],
    ['.b13', 0x20, 'Collocated Interference Reporting'],
    ['.b14', 0x40, 'Civic Location'],
    ['.b15', 0x80, 'Geospatial Location'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b16', 0x1, 'TFS'],
    ['.b17', 0x2, 'WNM Sleep Mode'],
    ['.b18', 0x4, 'TIM Broadcast'],
    ['.b19', 0x8, 'BSS Transition'],
    ['.b20', 0x10, 'QoS Traffic Capability'],
    ['.b21', 0x20, 'AC Station Count'],
    ['.b22', 0x40, 'Multiple BSSID'],
    ['.b23', 0x80, 'Timing Measurement'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b24', 0x1, 'Channel Usage'],
    ['.b25', 0x2, 'SSID List'],
    ['.b26', 0x4, 'DMS'],
    ['.b27', 0x8, 'UTC TSF Offset'],
    ['.b28', 0x10, 'TPU Buffer STA Support'],
    ['.b29', 0x20, 'TDLS Peer PSM Support'],
    ['.b30', 0x40, 'TDLS channel switching'],
    ['.b31', 0x80, 'Interworking'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b32', 0x1, 'QoS Map'],
    ['.b33', 0x2, 'EBR'],
    ['.b34', 0x4, 'SSPN Interface'],
    ['.b35', 0x8, 'Reserved', 'u8', 'hex'],
    ['.b36', 0x10, 'MSGCF Capability'],
    ['.b37', 0x20, 'TDLS Support'],
    ['.b38', 0x40, 'TDLS Prohibited'],
    ['.b39', 0x80, 'TDLS Channel Switching Prohibited'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b40', 0x1, 'Reject Unadmitted Frame'],
    ['.serv_int_granularity', 0xe, 'Service Interval Granularity', 'u8'],
    ['.b44', 0x10, 'Identifier Location'],
    ['.b45', 0x20, 'U-APSD Coexistence'],
    ['.b46', 0x40, 'WNM Notification'],
    ['.b47', 0x80, 'QAB Capability', 'u8', 'hex'],
  ]),
  defineBits('wlan.extcap', [
    ['wlan.extcap', 0, 'Extended Capabilities', 'u8', 'hex'],
    ['.b48', 0x1, 'UTF-8 SSID'],
    ['.b49', 0x2, 'QMF Activated'],
    ['.b50', 0x4, 'QMF Reconfiguration Activated'],
    ['.b51', 0x8, 'Robust AV Streaming'],
    ['.b52', 0x10, 'Advanced GCR'],
    ['.b53', 0x20, 'Mesh GCR'],
    ['.b54', 0x40, 'SCS'],
    ['.b55', 0x80, 'QLoad Report'],
  ]),
];

/** The last two bytes are one word. */
export const EXTENDED_CAPABILITIES_END = defineBits('wlan.extcap', [
  ['wlan.extcap', 0, 'Extended Capabilities', 'u16', 'hex'],
  ['.b56', 0x1, 'Alternate EDCA'],
  ['.b57', 0x2, 'Unprotected TXOP Negotiation'],
  ['.b58', 0x4, 'Protected TXOP Negotiation'],
  ['.b59', 0x8, 'Reserved', 'u8', 'hex'],
  ['.b60', 0x10, 'Protected QLoad Report'],
  ['.b61', 0x20, 'TDLS Wider Bandwidth'],
  ['.b62', 0x40, 'Operating Mode Notification'],
  ['.b63', 0x80, 'Max Number Of MSDUs In A-MSDU', 'u8'],
  ['.b65', 0x200, 'Channel Schedule Management'],
  ['.b66', 0x400, 'Geodatabase Inband Enabling Signal'],
  ['.b67', 0x800, 'Network Channel Control'],
  ['.b68', 0x1000, 'White Space Map'],
  ['.b69', 0x2000, 'Channel Availability Query'],
  ['.b70', 0x4000, 'Fine Timing Measurement Responder'],
  ['.b71', 0x8000, 'Fine Timing Measurement Initiator'],
], { little: true });

/** Puts as many bytes as the element has. */
export function putExtendedCapabilities(p: PacketView, at: number, end: number): void {
  for (let i = 0; i < EXTENDED_CAPABILITIES.length && at + i < end; i++) putBits(p, EXTENDED_CAPABILITIES[i], at + i, 1);
  const last = at + EXTENDED_CAPABILITIES.length;
  if (last < end) putBits(p, EXTENDED_CAPABILITIES_END, last, Math.min(2, end - last));
}
