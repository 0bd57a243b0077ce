import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

// Records that IEEE 802.1 (VLANs, aggregation) and IEEE 802.3 (negotiation, power, frame size) own in LLDP, behind their OUI.

const F = defineFields({
  subtype: { name: 'lldp.ieee.802_1.subtype', ...put('u8', 'IEEE 802.1 Subtype', { base: 'hex' }) },
  portVlan: { name: 'lldp.ieee.802_1.port_vlan.id', ...put('u16', 'Port VLAN Identifier', { base: 'dec_hex' }) },
  protoVlan: { name: 'lldp.ieee.802_1.port_proto_vlan.id', ...put('u16', 'Port and Protocol VLAN Identifier', { base: 'dec_hex' }) },
  vlan: { name: 'lldp.ieee.802_1.vlan.id', ...put('u16', 'VLAN Identifier', { base: 'dec_hex' }) },
  nameLength: { name: 'lldp.ieee.802_1.vlan.name_len', ...put('u8', 'VLAN Name Length') },
  vlanName: { name: 'lldp.ieee.802_1.vlan.name', ...put('string', 'VLAN Name') },
  identityLength: { name: 'lldp.ieee.802_1.proto.id_length', ...put('u8', 'Protocol Identity Length') },
  identity: { name: 'lldp.ieee.802_1.proto.id', ...put('bytes', 'Protocol Identity') },
  aggregatedPort: { name: 'lldp.ieee.802_1.aggregated_port_id', ...put('u32', 'Aggregated Port Id') },
  unknown: { name: 'lldp.unknown_subtype.content', ...put('bytes', 'Unknown Subtype Content') },
  ethernetSubtype: { name: 'lldp.ieee.802_3.subtype', ...put('u8', 'IEEE 802.3 Subtype', { base: 'hex' }) },
  mau: { name: 'lldp.ieee.802_3.pmd_mau_type', ...put('u16', 'Operational MAU Type', { base: 'hex' }) },
  powerPair: { name: 'lldp.ieee.802_3.mdi_pse_pair', ...put('u8', 'PSE Power Pair') },
  powerClass: { name: 'lldp.ieee.802_3.mdi_power_class', ...put('u8', 'Power Class') },
  aggregatedPort3: { name: 'lldp.ieee.802_3.aggregated_port_id', ...put('u32', 'Aggregated Port Id') },
  maxFrame: { name: 'lldp.ieee.802_3.max_frame_size', ...put('u16', 'Maximum Frame Size') },
});

const VLAN_FLAGS = defineBits('lldp.ieee.802_1.port_and_vlan_id_flag', [
  ['lldp.ieee.802_1.port_and_vlan_id_flag', 0x0, 'Flags', 'u8', 'hex'],
  ['.supported', 0x2, 'Port and Protocol VLAN'],
  ['.enabled', 0x4, 'Port and Protocol VLAN'],
]);
const AGGREGATION = defineBits('lldp.ieee.802_1.aggregation_status', [
  ['lldp.ieee.802_1.aggregation_status', 0x0, 'Aggregation Status', 'u8', 'hex'],
  ['.cap', 0x1, 'Aggregation Capability'],
  ['.enabled', 0x2, 'Aggregation Status'],
  ['.porttype', 0xc, 'Aggregation Status', 'u8'],
]);
const AGGREGATION_3 = defineBits('lldp.ieee.802_3.aggregation_status', [
  ['lldp.ieee.802_3.aggregation_status', 0x0, 'Aggregation Status', 'u8', 'hex'],
  ['.cap', 0x1, 'Aggregation Capability'],
  ['.enabled', 0x2, 'Aggregation Status'],
]);
const NEGOTIATION = defineBits('lldp.ieee.802_3.mac_phy_auto_neg_status', [
  ['lldp.ieee.802_3.mac_phy_auto_neg_status', 0x0, 'Auto-Negotiation Support/Status', 'u8', 'hex'],
  ['.supported', 0x1, 'Auto-Negotiation'],
  ['.enabled', 0x2, 'Auto-Negotiation'],
]);
const ADVERTISED = defineBits('lldp.ieee.802_3.pmd_auto_neg_advertised_caps', [
  ['lldp.ieee.802_3.pmd_auto_neg_advertised_caps', 0x0, 'PMD Auto-Negotiation Advertised Capability', 'u16', 'hex'],
  ['.1000base_tfd', 0x1, '1000BASE-T (full duplex mode)'],
  ['.1000base_t', 0x2, '1000BASE-T (half duplex mode)'],
  ['.1000base_xfd', 0x4, '1000BASE-X (-LX, -SX, -CX full duplex mode)'],
  ['.1000base_x', 0x8, '1000BASE-X (-LX, -SX, -CX half duplex mode)'],
  ['.fdx_bpause', 0x10, 'Asymmetric and Symmetric PAUSE (for full-duplex links)'],
  ['.fdx_spause', 0x20, 'Symmetric PAUSE (for full-duplex links)'],
  ['.fdx_apause', 0x40, 'Asymmetric PAUSE (for full-duplex links)'],
  ['.fdx_pause', 0x80, 'PAUSE (for full-duplex links)'],
  ['.100base_t2fd', 0x100, '100BASE-T2 (full duplex mode)'],
  ['.100base_t2', 0x200, '100BASE-T2 (half duplex mode)'],
  ['.100base_txfd', 0x400, '100BASE-TX (full duplex mode)'],
  ['.100base_tx', 0x800, '100BASE-TX (half duplex mode)'],
  ['.100base_t4', 0x1000, '100BASE-T4'],
  ['.10base_tfd', 0x2000, '10BASE-T (full duplex mode)'],
  ['.10base_t', 0x4000, '10BASE-T (half duplex mode)'],
  ['.other', 0x8000, 'Other or unknown'],
]);
/** The same, read with the bits in the other order, as some devices send them. */
const ADVERTISED_INVERTED = defineBits('lldp.ieee.802_3.pmd_auto_neg_advertised_caps_inv', [
  ['.1000base_tfd', 0x8000, '1000BASE-T (full duplex mode)'],
  ['.1000base_t', 0x4000, '1000BASE-T (half duplex mode)'],
  ['.1000base_xfd', 0x2000, '1000BASE-X (-LX, -SX, -CX full duplex mode)'],
  ['.1000base_x', 0x1000, '1000BASE-X (-LX, -SX, -CX half duplex mode)'],
  ['.fdx_bpause', 0x800, 'Asymmetric and Symmetric PAUSE (for full-duplex links)'],
  ['.fdx_spause', 0x400, 'Symmetric PAUSE (for full-duplex links)'],
  ['.fdx_apause', 0x200, 'Asymmetric PAUSE (for full-duplex links)'],
  ['.fdx_pause', 0x100, 'PAUSE (for full-duplex links)'],
  ['.100base_t2fd', 0x80, '100BASE-T2 (full duplex mode)'],
  ['.100base_t2', 0x40, '100BASE-T2 (half duplex mode)'],
  ['.100base_txfd', 0x20, '100BASE-TX (full duplex mode)'],
  ['.100base_tx', 0x10, '100BASE-TX (half duplex mode)'],
  ['.100base_t4', 0x8, '100BASE-T4'],
  ['.10base_tfd', 0x4, '10BASE-T (full duplex mode)'],
  ['.10base_t', 0x2, '10BASE-T (half duplex mode)'],
  ['.other', 0x1, 'Other or unknown'],
]);
const POWER = defineBits('lldp.ieee.802_3.mdi_power_support', [
  ['lldp.ieee.802_3.mdi_power_support', 0x0, 'MDI Power Support', 'u8', 'hex'],
  ['.port_class', 0x1, 'Port Class'],
  ['.supported', 0x2, 'PSE MDI Power'],
  ['.enabled', 0x4, 'PSE MDI Power'],
  ['.pse_pairs', 0x8, 'PSE Pairs Control Ability'],
]);

export const LLDP_ORGANIZATION_FIELDS = namedFields(Object.values(F), VLAN_FLAGS, AGGREGATION, AGGREGATION_3, NEGOTIATION, ADVERTISED, ADVERTISED_INVERTED, POWER);

/** Records of IEEE 802.1 (IEEE 802.1Q annex D), from the subtype on. */
export function readBridging(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const left = end - at - 1;
  p.put(F.subtype, at, 1);
  switch (b[at]) {
    case 1: if (left >= 2) p.put(F.portVlan, at + 1, 2); return;
    case 2:
      if (left < 3) return;
      putBits(p, VLAN_FLAGS, at + 1, 1);
      p.put(F.protoVlan, at + 2, 2);
      return;
    case 3:
      if (left < 3) return;
      p.put(F.vlan, at + 1, 2);
      p.put(F.nameLength, at + 3, 1);
      p.put(F.vlanName, at + 4, Math.min(b[at + 3], end - at - 4));
      return;
    case 4:
      if (left < 1) return;
      p.put(F.identityLength, at + 1, 1);
      p.put(F.identity, at + 2, Math.min(b[at + 1], end - at - 2));
      return;
    case 7:
      if (left < 5) return;
      putBits(p, AGGREGATION, at + 1, 1);
      p.put(F.aggregatedPort, at + 2, 4);
      return;
    default: if (left > 0) p.put(F.unknown, at + 1, left);
  }
}

/** Records of IEEE 802.3 (IEEE 802.3 §79.3), from the subtype on. */
export function readEthernet(p: PacketView, at: number, end: number): void {
  const left = end - at - 1;
  p.put(F.ethernetSubtype, at, 1);
  switch (p.bytes[at]) {
    case 1:
      if (left < 5) return;
      putBits(p, NEGOTIATION, at + 1, 1);
      putBits(p, ADVERTISED, at + 2, 2);
      putBits(p, ADVERTISED_INVERTED, at + 2, 2);
      p.put(F.mau, at + 4, 2);
      return;
    case 2:
      if (left < 3) return;
      putBits(p, POWER, at + 1, 1);
      p.put(F.powerPair, at + 2, 1);
      p.put(F.powerClass, at + 3, 1);
      return;
    case 3:
      // IEEE 802.1AX took it over: the record of IEEE 802.1 says it now.
      p.expert('warn', 'protocol', 'lldp.tlv_deprecated', at, 1);
      if (left < 5) return;
      putBits(p, AGGREGATION_3, at + 1, 1);
      p.put(F.aggregatedPort3, at + 2, 4);
      return;
    case 4: if (left >= 2) p.put(F.maxFrame, at + 1, 2); return;
    default: if (left > 0) p.put(F.unknown, at + 1, left);
  }
}
