import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Version 1, time to live 1, checksum 2; then records: type 2, length 2 (head counted in), value.
const HEAD_LEN = 4;
const TLV_HEAD = 4;

const TYPES = {
  1: 'Device ID', 2: 'Addresses', 3: 'Port ID', 4: 'Capabilities', 5: 'Software version', 6: 'Platform', 7: 'IP Prefix/Gateway (used for ODR)', 8: 'Protocol Hello', 9: 'VTP Management Domain',
  10: 'Native VLAN', 11: 'Duplex', 14: 'VoIP VLAN Reply', 15: 'VoIP VLAN Query', 16: 'Power Consumption', 17: 'MTU', 18: 'Trust Bitmap', 19: 'Untrusted Port CoS', 20: 'System Name',
  21: 'System Object ID', 22: 'Management Address', 23: 'Location', 25: 'Power Request', 26: 'Power Available', 31: 'Spare PoE',
} as const;

export const cdpFields = defineFields({
  version: { name: 'cdp.version', ...fixed('u8', 0, 'Version') },
  ttl: { name: 'cdp.ttl', ...fixed('u8', 1, 'TTL') },
  checksum: { name: 'cdp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'cdp.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  badChecksum: { name: 'cdp.bad_checksum', ...put('none', 'Bad checksum') },
  type: { name: 'cdp.tlv.type', ...put('u16', 'Type', { base: 'hex', values: TYPES }) },
  length: { name: 'cdp.tlv.len', ...put('u16', 'Length') },
  device: { name: 'cdp.deviceid', ...put('string', 'Device ID') },
  platform: { name: 'cdp.platform', ...put('string', 'Platform') },
  port: { name: 'cdp.portid', ...put('string', 'Sent through Interface') },
  software: { name: 'cdp.software_version', ...put('string', 'Software version') },
  addresses: { name: 'cdp.number_of_addresses', ...put('u32', 'Number of addresses') },
  protocolType: { name: 'cdp.protocol_type', ...put('u8', 'Protocol type', { base: 'hex', values: { 1: 'NLPID', 2: '802.2' } }) },
  protocolLength: { name: 'cdp.protocol_length', ...put('u8', 'Protocol length') },
  protocol: { name: 'cdp.protocol', ...put('bytes', 'Protocol') },
  addressLength: { name: 'cdp.address_length', ...put('u16', 'Address length') },
  ip: { name: 'cdp.nrgyz.ip_address', ...put('ipv4', 'IP Address') },
  ipv6: { name: 'cdp.nrgyz.ipv6_address', ...put('ipv6', 'IPv6 Address') },
  address: { name: 'cdp.address', ...put('bytes', 'Address') },
  gateway: { name: 'cdp.odr_default_gateway', ...put('ipv4', 'ODR Default gateway') },
  prefix: { name: 'cdp.ip_prefix', ...put('ipv4', 'IP Prefix') },
  oui: { name: 'cdp.oui', ...put('u24', 'OUI') },
  protocolId: { name: 'cdp.protocol_id', ...put('u16', 'Protocol ID', { base: 'hex' }) },
  clusterMaster: { name: 'cdp.cluster.master_ip', ...put('ipv4', 'Cluster Master IP') },
  clusterIp: { name: 'cdp.cluster.ip', ...put('ipv4', 'IP?') },
  clusterVersion: { name: 'cdp.cluster.version', ...put('u8', 'Version?', { base: 'hex' }) },
  clusterSubVersion: { name: 'cdp.cluster.sub_version', ...put('u8', 'Sub Version?', { base: 'hex' }) },
  clusterStatus: { name: 'cdp.cluster.status', ...put('u8', 'Status?', { base: 'hex' }) },
  clusterUnknown: { name: 'cdp.cluster.unknown', ...put('u8', 'UNKNOWN', { base: 'hex' }) },
  clusterCommander: { name: 'cdp.cluster.commander_mac', ...put('ether', 'Cluster Commander MAC') },
  clusterSwitch: { name: 'cdp.cluster.switch_mac', ...put('ether', 'Switch\'s MAC') },
  clusterVlan: { name: 'cdp.cluster.management_vlan', ...put('u16', 'Management VLAN') },
  helloUnknown: { name: 'cdp.hello.unknown', ...put('bytes', 'Unknown') },
  domain: { name: 'cdp.vtp_management_domain', ...put('string', 'VTP Management Domain') },
  nativeVlan: { name: 'cdp.native_vlan', ...put('u16', 'Native VLAN') },
  duplex: { name: 'cdp.duplex', ...put('boolean', 'Duplex', { values: { 0: 'Half', 1: 'Full' } }) },
  data: { name: 'cdp.data', ...put('bytes', 'Data') },
  voiceVlan: { name: 'cdp.voice_vlan', ...put('u16', 'Voice VLAN') },
  power: { name: 'cdp.power_consumption', ...put('u16', 'Power Consumption') },
  mtu: { name: 'cdp.mtu', ...put('u32', 'MTU') },
  trust: { name: 'cdp.trust_bitmap', ...put('u8', 'Trust Bitmap', { base: 'hex' }) },
  untrusted: { name: 'cdp.untrusted_port_cos', ...put('u8', 'Untrusted port CoS', { base: 'hex' }) },
  systemName: { name: 'cdp.system_name', ...put('string', 'System Name') },
  systemOid: { name: 'cdp.system_object_identifier', ...put('bytes', 'System Object Identifier') },
  locationUnknown: { name: 'cdp.location.unknown', ...put('u8', 'UNKNOWN', { base: 'hex' }) },
  location: { name: 'cdp.location', ...put('string', 'Location') },
  requestId: { name: 'cdp.request_id', ...put('u16', 'Request-ID') },
  managementId: { name: 'cdp.management_id', ...put('u16', 'Management-ID') },
  powerRequested: { name: 'cdp.power_requested', ...put('u32', 'Power Requested') },
  powerAvailable: { name: 'cdp.power_available', ...put('u32', 'Power Available') },
});
const F = cdpFields;

const CAPABILITIES = defineBits('cdp.capabilities', [
  ['cdp.capabilities', 0x0, 'Capabilities', 'u32', 'hex'],
  ['.router', 0x1, 'Router'],
  ['.trans_bridge', 0x2, 'Transparent Bridge'],
  ['.src_bridge', 0x4, 'Source Route Bridge'],
  ['.switch', 0x8, 'Switch'],
  ['.host', 0x10, 'Host'],
  ['.igmp_capable', 0x20, 'IGMP capable'],
  ['.repeater', 0x40, 'Repeater'],
  ['.voip_phone', 0x80, 'VoIP Phone'],
  ['.remote', 0x100, 'Remotely Managed Device'],
  ['.cvta', 0x200, 'CVTA/STP Dispute Resolution/Cisco VT Camera'],
  ['.mac_relay', 0x400, 'Two Port Mac Relay'],
]);
const SPARE = defineBits('cdp.spare_poe_tlv', [
  ['cdp.spare_poe_tlv', 0x0, 'Spare Pair PoE', 'u8', 'hex'],
  ['.poe', 0x1, 'PSE Four-Wire PoE'],
  ['.spare_pair_arch', 0x2, 'PD Spare Pair Architecture'],
  ['.req_spare_pair_poe', 0x4, 'PD Request Spare Pair PoE'],
  ['.pse_spare_pair_poe', 0x8, 'PSE Spare Pair PoE'],
]);

/** Cisco's own neighbour discovery. */
export const cdp = defineDissector({
  name: 'cdp',
  title: 'Cisco Discovery Protocol',
  spec: ['Cisco IOS, Configuring Cisco Discovery Protocol'],
  over: { 'llc.cisco_pid': [0x2000], 'chdlc.protocol': [0x2000], 'ppp.protocol': [0x0207], ethertype: [0x2000] },
  fields: { ...F, ...namedFields(CAPABILITIES, SPARE) },
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    if (!p.detail) return DONE;
    const isGood = p.wireEnd > end || checksum(b, at, end) === 0xffff;
    p.putInt(F.checksumStatus, at + 2, 0, isGood ? 1 : 0);
    if (!isGood) p.expert('error', 'checksum', 'cdp.bad_checksum', at + 2, 2);
    for (let from = at + HEAD_LEN; end - from >= TLV_HEAD; ) {
      const type = u16be(b, from);
      const length = u16be(b, from + 2);
      p.put(F.type, from, 2);
      p.put(F.length, from + 2, 2);
      if (length < TLV_HEAD) return DONE;
      if (from + length > end) return p.tooShort(from + length - at);
      readTlv(p, type, from + TLV_HEAD, from + length);
      from += length;
    }
    return DONE;
  },
  info: (row) => `Device ID: ${row.text(F.device)}  Port ID: ${row.text(F.port)}`,
});
export default cdp;

/** The Internet checksum, but a last odd byte is added as it is, as a signed one. */
function checksum(b: Uint8Array, at: number, end: number): number {
  const isOdd = ((end - at) & 1) !== 0;
  let sum = 0;
  for (let i = at; i + 1 < end; i += 2) sum += u16be(b, i);
  if (isOdd) sum += b[end - 1] < 0x80 ? b[end - 1] : 0xff00 + b[end - 1] - 1;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return sum;
}

/** Texts by record type. */
const TEXTS: Readonly<Record<number, Field>> = { 1: F.device, 3: F.port, 6: F.platform, 9: F.domain, 20: F.systemName };

function readTlv(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  const text = TEXTS[type];
  if (text !== undefined) {
    p.put(text, at, length);
    return;
  }
  switch (type) {
    case 2: case 22: addresses(p, at, end); return;
    case 4: if (length >= 4) putBits(p, CAPABILITIES, at, 4); return;
    case 5: lines(p, at, end); return;
    case 7:
      if (length === 4) p.put(F.gateway, at, 4);
      else for (let i = at; i + 5 <= end; i += 5) p.put(F.prefix, i, 4);
      return;
    case 8: hello(p, at, end); return;
    case 10: if (length >= 2) p.put(F.nativeVlan, at, 2); return;
    case 11: if (length >= 1) p.put(F.duplex, at, 1); return;
    case 14:
      if (length === 3) {
        p.put(F.data, at, 1);
        p.put(F.voiceVlan, at + 1, 2);
      } else p.put(F.data, at, length);
      return;
    case 15:
      if (length === 3) {
        p.put(F.data, at, 1);
        p.put(F.voiceVlan, at + 1, 2);
      } else if (length > 0) p.put(F.data, at, length);
      return;
    case 16: if (length >= 2) p.put(F.power, at, 2); return;
    case 17: if (length >= 4) p.put(F.mtu, at, 4); return;
    case 18: if (length >= 1) p.put(F.trust, at, 1); return;
    case 19: if (length >= 1) p.put(F.untrusted, at, 1); return;
    case 21: p.put(F.systemOid, at, length); return;
    case 23:
      if (length < 1) return;
      p.put(F.locationUnknown, at, 1);
      p.put(F.location, at + 1, length - 1);
      return;
    case 25: case 26:
      if (length < 4) return;
      p.put(F.requestId, at, 2);
      p.put(F.managementId, at + 2, 2);
      for (let i = at + 4; i + 4 <= end; i += 4) p.put(type === 25 ? F.powerRequested : F.powerAvailable, i, 4);
      return;
    case 31: if (length >= 1) putBits(p, SPARE, at, 1); return;
    default: if (length > 0) p.put(F.data, at, length);
  }
}

/** The software's version is a text of several lines, each a value of its own. */
function lines(p: PacketView, at: number, end: number): void {
  let from = at;
  for (let i = at; i <= end; i++) {
    if (i < end && p.bytes[i] !== 0x0a) continue;
    if (i > from) p.put(F.software, from, i - from);
    from = i + 1;
  }
}

function addresses(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 4) return;
  p.put(F.addresses, at, 4);
  let from = at + 4;
  for (let n = u32be(b, at); n > 0 && end - from >= 2; n--) {
    const protocolLength = b[from + 1];
    const lengthAt = from + 2 + protocolLength;
    if (lengthAt + 2 > end) return;
    const length = u16be(b, lengthAt);
    const address = lengthAt + 2;
    p.put(F.protocolType, from, 1);
    p.put(F.protocolLength, from + 1, 1);
    p.put(F.protocol, from + 2, protocolLength);
    p.put(F.addressLength, lengthAt, 2);
    if (address + length > end) return;
    if (length === 4 && b[from] === 1) p.put(F.ip, address, 4);
    else if (length === 16 && b[from] === 2) p.put(F.ipv6, address, 16);
    else p.put(F.address, address, length);
    from = address + length;
  }
}

function hello(p: PacketView, at: number, end: number): void {
  if (end - at < 5) return;
  p.put(F.oui, at, 3);
  p.put(F.protocolId, at + 3, 2);
  // Hellos of a switch cluster.
  if (u16be(p.bytes, at + 3) !== 0x0112 || end - at < 32) {
    p.put(F.helloUnknown, at + 5, end - at - 5);
    return;
  }
  p.put(F.clusterMaster, at + 5, 4);
  p.put(F.clusterIp, at + 9, 4);
  p.put(F.clusterVersion, at + 13, 1);
  p.put(F.clusterSubVersion, at + 14, 1);
  p.put(F.clusterStatus, at + 15, 1);
  p.put(F.clusterUnknown, at + 16, 1);
  p.put(F.clusterCommander, at + 17, 6);
  p.put(F.clusterSwitch, at + 23, 6);
  p.put(F.clusterUnknown, at + 29, 1);
  p.put(F.clusterVlan, at + 30, 2);
}
