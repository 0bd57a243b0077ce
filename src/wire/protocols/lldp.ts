import { u16be, u24be } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { LLDP_MED_FIELDS, readMed } from '../codecs/lldp-med.ts';
import { LLDP_ORGANIZATION_FIELDS, readBridging, readEthernet } from '../codecs/lldp-organizations.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// A list of records: type in seven bits, length in nine, value (IEEE 802.1AB §8.4).
const TLV_HEAD = 2;
const END = 0;
const CHASSIS = 1;
const PORT = 2;
const TTL = 3;
const PORT_DESCRIPTION = 4;
const SYSTEM_NAME = 5;
const SYSTEM_DESCRIPTION = 6;
const CAPABILITIES = 7;
const MANAGEMENT = 8;
const ORGANIZATION = 127;
const OUI_BRIDGING = 0x0080c2;
const OUI_ETHERNET = 0x00120f;
const OUI_MED = 0x0012bb;
const FAMILY_IP = 1;
const FAMILY_IPV6 = 2;
const FAMILY_MAC = 6;

const TYPES = {
  0: 'End of LLDPDU', 1: 'Chassis Id', 2: 'Port Id', 3: 'Time to Live', 4: 'Port Description', 5: 'System Name', 6: 'System Description', 7: 'System Capabilities', 8: 'Management Address',
  127: 'Organization Specific',
} as const;
const CHASSIS_KINDS = { 1: 'Chassis component', 2: 'Interface alias', 3: 'Port component', 4: 'MAC address', 5: 'Network address', 6: 'Interface name', 7: 'Locally assigned' } as const;
const PORT_KINDS = { 1: 'Interface alias', 2: 'Port component', 3: 'MAC address', 4: 'Network address', 5: 'Interface name', 6: 'Agent circuit ID', 7: 'Locally assigned' } as const;

export const lldpFields = defineFields({
  type: { name: 'lldp.tlv.type', ...put('u16', 'TLV Type', { mask: 0xfe00, values: TYPES }) },
  length: { name: 'lldp.tlv.len', ...put('u16', 'TLV Length', { mask: 0x01ff }) },
  chassisKind: { name: 'lldp.chassis.subtype', ...put('u8', 'Chassis Id Subtype', { values: CHASSIS_KINDS }) },
  chassis: { name: 'lldp.chassis.id', ...put('bytes', 'Chassis Id') },
  chassisMac: { name: 'lldp.chassis.id.mac', ...put('ether', 'Chassis Id') },
  chassisIp: { name: 'lldp.chassis.id.ip4', ...put('ipv4', 'Chassis Id') },
  chassisIpv6: { name: 'lldp.chassis.id.ip6', ...put('ipv6', 'Chassis Id') },
  family: { name: 'lldp.network_address.subtype', ...put('u8', 'Network Address family') },
  portKind: { name: 'lldp.port.subtype', ...put('u8', 'Port Id Subtype', { values: PORT_KINDS }) },
  port: { name: 'lldp.port.id', ...put('string', 'Port Id') },
  portMac: { name: 'lldp.port.id.mac', ...put('ether', 'Port Id') },
  portIp: { name: 'lldp.port.id.ip4', ...put('ipv4', 'Port Id') },
  portIpv6: { name: 'lldp.port.id.ip6', ...put('ipv6', 'Port Id') },
  ttl: { name: 'lldp.time_to_live', ...put('u16', 'Seconds') },
  portDescription: { name: 'lldp.port.desc', ...put('string', 'Port Description') },
  name: { name: 'lldp.tlv.system.name', ...put('string', 'System Name') },
  description: { name: 'lldp.tlv.system.desc', ...put('string', 'System Description') },
  addressLength: { name: 'lldp.mgn.address.len', ...put('u8', 'Address String Length') },
  addressKind: { name: 'lldp.mgn.address.subtype', ...put('u8', 'Address Subtype', { values: { 1: 'IPv4', 2: 'IPv6', 6: '802' } }) },
  addressIp: { name: 'lldp.mgn.addr.ip4', ...put('ipv4', 'Management Address') },
  addressIpv6: { name: 'lldp.mgn.addr.ip6', ...put('ipv6', 'Management Address') },
  addressHex: { name: 'lldp.mgn.addr.hex', ...put('bytes', 'Management Address') },
  interfaceKind: { name: 'lldp.mgn.interface.subtype', ...put('u8', 'Interface Subtype', { values: { 1: 'Unknown', 2: 'ifIndex', 3: 'System port number' } }) },
  interface: { name: 'lldp.mgn.interface.number', ...put('u32', 'Interface Number') },
  oidLength: { name: 'lldp.mgn.obj.len', ...put('u8', 'OID String Length') },
  oid: { name: 'lldp.mgn.obj.id', ...put('oid', 'Object Identifier') },
  oui: { name: 'lldp.orgtlv.oui', ...put('u24', 'Organization Unique Code') },
  deprecated: { name: 'lldp.tlv_deprecated', ...put('none', 'TLV has been deprecated') },
  wrongType: { name: 'lldp.bad_type', ...put('none', 'Not the record that must stand here') },
  unknown: { name: 'lldp.unknown_subtype.content', ...put('bytes', 'Unknown Subtype Content') },
});
const F = lldpFields;

const SYSTEM = defineBits('lldp.tlv.system_cap', [
  ['lldp.tlv.system_cap', 0x0, 'Capabilities', 'u16', 'hex'],
  ['.other', 0x1, 'Other'],
  ['.repeater', 0x2, 'Repeater'],
  ['.bridge', 0x4, 'Bridge'],
  ['.wlan_access_pt', 0x8, 'WLAN access point'],
  ['.router', 0x10, 'Router'],
  ['.telephone', 0x20, 'Telephone'],
  ['.docsis_cable_device', 0x40, 'DOCSIS cable device'],
  ['.station_only', 0x80, 'Station only'],
]);
const ENABLED = defineBits('lldp.tlv.enable_system_cap', [
  ['lldp.tlv.enable_system_cap', 0x0, 'Enabled Capabilities', 'u16', 'hex'],
  ['.other', 0x1, 'Other'],
  ['.repeater', 0x2, 'Repeater'],
  ['.bridge', 0x4, 'Bridge'],
  ['.wlan_access_pt', 0x8, 'WLAN access point'],
  ['.router', 0x10, 'Router'],
  ['.telephone', 0x20, 'Telephone'],
  ['.docsis_cable_device', 0x40, 'DOCSIS cable device'],
  ['.station_only', 0x80, 'Station only'],
]);

/** What a device says of itself to its neighbour. */
export const lldp = defineDissector({
  name: 'lldp',
  title: 'Link Layer Discovery Protocol',
  spec: ['IEEE 802.1AB-2016 §8', 'ANSI/TIA-1057'],
  over: { ethertype: [0x88cc] },
  fields: { ...F, ...LLDP_ORGANIZATION_FIELDS, ...LLDP_MED_FIELDS, ...namedFields(SYSTEM, ENABLED) },
  dissect(p, at, end) {
    const b = p.bytes;
    let records = 0;
    for (let from = at; from < end; ) {
      if (end - from < TLV_HEAD) return p.tooShort(from - at + TLV_HEAD);
      const type = b[from] >> 1;
      // Who speaks, through which port and for how long stand first, in this order (IEEE 802.1AB §8.2).
      if (++records <= TTL && type !== records) {
        p.expert('warn', 'malformed', F.wrongType.name, from, 2);
        return DONE;
      }
      const length = u16be(b, from) & 0x1ff;
      p.put(F.type, from, 2);
      p.put(F.length, from, 2);
      const value = from + TLV_HEAD;
      if (type === END) return DONE;
      if (value + length > end) return p.tooShort(value + length - at);
      if (p.detail) readTlv(p, type, value, value + length);
      from = value + length;
    }
    return DONE;
  },
  info: (row) => `${row.text(F.chassisMac) || row.text(F.chassis)} ${row.text(F.name)} port ${row.text(F.port) || row.text(F.portMac)}`,
});
export default lldp;

function readTlv(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  switch (type) {
    case CHASSIS: readChassis(p, at, end); return;
    case PORT: readPort(p, at, end); return;
    case TTL: if (length >= 2) p.put(F.ttl, at, 2); return;
    case PORT_DESCRIPTION: p.put(F.portDescription, at, length); return;
    case SYSTEM_NAME: p.put(F.name, at, length); return;
    case SYSTEM_DESCRIPTION: p.put(F.description, at, length); return;
    case CAPABILITIES:
      if (length < 4) return;
      putBits(p, SYSTEM, at, 2);
      putBits(p, ENABLED, at + 2, 2);
      return;
    case MANAGEMENT: readManagement(p, at, end); return;
    case ORGANIZATION:
      if (length < 4) return;
      p.put(F.oui, at, 3);
      switch (u24be(p.bytes, at)) {
        case OUI_BRIDGING: readBridging(p, at + 3, end); return;
        case OUI_ETHERNET: readEthernet(p, at + 3, end); return;
        case OUI_MED: readMed(p, at + 3, end); return;
        default: p.put(F.unknown, at + 4, end - at - 4);
      }
  }
}

function readChassis(p: PacketView, at: number, end: number): void {
  if (end - at < 2) return;
  const kind = p.bytes[at];
  p.put(F.chassisKind, at, 1);
  if (kind === 4 && end - at >= 7) p.put(F.chassisMac, at + 1, 6);
  else if (kind === 5) {
    const family = p.bytes[at + 1];
    p.put(F.family, at + 1, 1);
    if (family === FAMILY_IP && end - at >= 6) p.put(F.chassisIp, at + 2, 4);
    else if (family === FAMILY_IPV6 && end - at >= 18) p.put(F.chassisIpv6, at + 2, 16);
    else p.put(F.chassis, at + 2, end - at - 2);
  } else p.put(F.chassis, at + 1, end - at - 1);
}

function readPort(p: PacketView, at: number, end: number): void {
  if (end - at < 2) return;
  const kind = p.bytes[at];
  p.put(F.portKind, at, 1);
  if (kind === 3 && end - at >= 7) p.put(F.portMac, at + 1, 6);
  else if (kind === 4) {
    const family = p.bytes[at + 1];
    p.put(F.family, at + 1, 1);
    if (family === FAMILY_IP && end - at >= 6) p.put(F.portIp, at + 2, 4);
    else if (family === FAMILY_IPV6 && end - at >= 18) p.put(F.portIpv6, at + 2, 16);
  } else p.put(F.port, at + 1, end - at - 1);
}

function readManagement(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 2) return;
  const length = b[at];
  const family = b[at + 1];
  if (length === 0 || at + 1 + length + 6 > end) return;
  p.put(F.addressLength, at, 1);
  p.put(F.addressKind, at + 1, 1);
  if (family === FAMILY_IP && length === 5) p.put(F.addressIp, at + 2, 4);
  else if (family === FAMILY_IPV6 && length === 17) p.put(F.addressIpv6, at + 2, 16);
  else if (family === FAMILY_MAC || length > 1) p.put(F.addressHex, at + 2, length - 1);
  const from = at + 1 + length;
  p.put(F.interfaceKind, from, 1);
  p.put(F.interface, from + 1, 4);
  p.put(F.oidLength, from + 5, 1);
  if (b[from + 5] > 0 && from + 6 + b[from + 5] <= end) p.put(F.oid, from + 6, b[from + 5]);
}
