import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE, type PacketView } from '../packet-view.ts';

// Version 1, code 1, a byte by code, length of the domain 1, domain 32; then by code.
const HEAD_LEN = 36;
const SUMMARY = 1;
const SUBSET = 2;
const REQUEST = 3;
const JOIN = 4;
const INFORMATION_LEN = 12;

export const vtpFields = defineFields({
  version: { name: 'vtp.version', ...fixed('u8', 0, 'Version', { base: 'hex' }) },
  code: { name: 'vtp.code', ...fixed('u8', 1, 'Code', { base: 'hex', values: { 1: 'Summary Advertisement', 2: 'Subset Advertisement', 3: 'Advertisement Request', 4: 'Join/Prune Message' } }) },
  followers: { name: 'vtp.followers', ...put('u8', 'Followers') },
  sequence: { name: 'vtp.seq_num', ...put('u8', 'Sequence Number') },
  domainLength: { name: 'vtp.md_len', ...fixed('u8', 3, 'Management Domain Length') },
  domain: { name: 'vtp.md', ...put('string', 'Management Domain') },
  revision: { name: 'vtp.conf_rev_num', ...put('u32', 'Configuration Revision Number') },
  updater: { name: 'vtp.upd_id', ...put('ipv4', 'Updater Identity') },
  updated: { name: 'vtp.upd_ts', ...put('string', 'Update Timestamp') },
  digest: { name: 'vtp.md5_digest', ...put('bytes', 'MD5 Digest') },
  start: { name: 'vtp.start_value', ...put('u16', 'Start Value', { base: 'hex' }) },
  infoLength: { name: 'vtp.vlan_info.len', ...put('u8', 'VLAN Information Length') },
  status: { name: 'vtp.vlan_info.status', ...put('u8', 'Status', { base: 'hex' }) },
  suspended: { name: 'vtp.vlan_info.status.vlan_susp', ...put('boolean', 'VLAN suspended', { mask: 0x01 }) },
  vlanType: { name: 'vtp.vlan_info.vlan_type', ...put('u8', 'VLAN Type', { base: 'hex', values: { 1: 'Ethernet', 2: 'FDDI', 3: 'TrCRF', 4: 'FDDI-net', 5: 'TrBRF' } }) },
  nameLength: { name: 'vtp.vlan_info.vlan_name_len', ...put('u8', 'VLAN Name Length') },
  islId: { name: 'vtp.vlan_info.isl_vlan_id', ...put('u16', 'ISL VLAN ID', { base: 'hex' }) },
  mtu: { name: 'vtp.vlan_info.mtu_size', ...put('u16', 'MTU Size') },
  index: { name: 'vtp.vlan_info.802_10_index', ...put('u32', '802.10 Index', { base: 'hex' }) },
  vlanName: { name: 'vtp.vlan_info.vlan_name', ...put('string', 'VLAN Name') },
  tlvType: { name: 'vtp.vlan_info.tlv_type', ...put('u8', 'Type', { base: 'hex' }) },
  tlvLength: { name: 'vtp.vlan_info.tlv_len', ...put('u8', 'Length') },
  ring: { name: 'vtp.vlan_info.src_route_ring_num', ...put('u16', 'Source-Routing Ring Number', { base: 'hex' }) },
  bridge: { name: 'vtp.vlan_info.src_route_bridge_num', ...put('u16', 'Source-Routing Bridge Number', { base: 'hex' }) },
  stpType: { name: 'vtp.vlan_info.stp_type', ...put('u16', 'Spanning-Tree Protocol Type', { base: 'hex' }) },
  parent: { name: 'vtp.vlan_info.parent_vlan', ...put('u16', 'Parent VLAN', { base: 'hex' }) },
  translated: { name: 'vtp.vlan_info.translationally_bridged_vlans', ...put('u16', 'Translationally Bridged VLANs', { base: 'hex' }) },
  pruning: { name: 'vtp.vlan_info.pruning', ...put('u16', 'Pruning', { base: 'hex' }) },
  bridgeType: { name: 'vtp.vlan_info.bridge_type', ...put('u16', 'Bridge Type', { base: 'hex' }) },
  areHops: { name: 'vtp.vlan_info.max_are_hop_count', ...put('u16', 'Max ARE Hop Count') },
  steHops: { name: 'vtp.vlan_info.max_ste_hop_count', ...put('u16', 'Max STE Hop Count') },
  backup: { name: 'vtp.vlan_info.backup_crf_mode', ...put('u16', 'Backup CRF Mode', { base: 'hex' }) },
  first: { name: 'vtp.pruning.first', ...put('u16', 'First VLAN ID') },
  last: { name: 'vtp.pruning.last', ...put('u16', 'Last VLAN ID') },
  active: { name: 'vtp.pruning.active', ...put('u16', 'VLAN') },
});
const F = vtpFields;

/** Values of a VLAN's records, two bytes each, by type. */
const TLVS: readonly (Field | undefined)[] = [undefined, F.ring, F.bridge, F.stpType, F.parent, F.translated, F.pruning, F.bridgeType, F.areHops, F.steHops, F.backup];

/** Cisco's distribution of VLANs. */
export const vtp = defineDissector({
  name: 'vtp',
  title: 'VLAN Trunking Protocol',
  spec: ['Cisco, Understanding VLAN Trunk Protocol'],
  over: { 'llc.cisco_pid': [0x2003] },
  fields: vtpFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const code = b[at + 1];
    if (code === SUMMARY) p.put(F.followers, at + 2, 1);
    else if (code === SUBSET) p.put(F.sequence, at + 2, 1);
    p.put(F.domain, at + 4, Math.min(b[at + 3], 32));
    const from = at + HEAD_LEN;
    switch (code) {
      case SUMMARY:
        if (end - from < 36) return p.tooShort(HEAD_LEN + 36);
        p.put(F.revision, from, 4);
        p.put(F.updater, from + 4, 4);
        if (p.wants(F.updated)) p.putText(F.updated, from + 8, 12, timeText(p.host.latin1(b, from + 8, from + 20)));
        p.put(F.digest, from + 20, 16);
        return DONE;
      case SUBSET:
        if (end - from < 4) return p.tooShort(HEAD_LEN + 4);
        p.put(F.revision, from, 4);
        return vlans(p, at, from + 4, end);
      case REQUEST:
        if (end - from < 2) return p.tooShort(HEAD_LEN + 2);
        p.put(F.start, from, 2);
        return DONE;
      case JOIN: return pruned(p, from, end);
      default: return DONE;
    }
  },
  info: (row) => `Domain ${row.text(F.domain)}, revision ${row.text(F.revision)}`,
});
export default vtp;

/** `930301000256` is 93-03-01 00:02:56. */
function timeText(digits: string): string {
  const two = (i: number): string => digits.slice(2 * i, 2 * i + 2);
  return `${two(0)}-${two(1)}-${two(2)} ${two(3)}:${two(4)}:${two(5)}`;
}

function vlans(p: PacketView, start: number, at: number, end: number): number {
  const b = p.bytes;
  for (let from = at; end - from >= INFORMATION_LEN; ) {
    const length = b[from];
    const last = from + length;
    if (length < INFORMATION_LEN) return DONE;
    if (last > end) return p.tooShort(last - start);
    p.put(F.infoLength, from, 1);
    p.put(F.status, from + 1, 1);
    p.put(F.suspended, from + 1, 1);
    p.put(F.vlanType, from + 2, 1);
    p.put(F.nameLength, from + 3, 1);
    p.put(F.islId, from + 4, 2);
    p.put(F.mtu, from + 6, 2);
    p.put(F.index, from + 8, 4);
    const name = b[from + 3];
    if (from + 12 + name > last) return DONE;
    p.put(F.vlanName, from + 12, name);
    for (let tlv = from + 12 + ((name + 3) & ~3); last - tlv >= 2; ) {
      const size = 2 * b[tlv + 1];
      p.put(F.tlvType, tlv, 1);
      p.put(F.tlvLength, tlv + 1, 1);
      const field = TLVS[b[tlv]];
      if (field !== undefined && size >= 2 && tlv + 2 + size <= last) for (let i = 0; i < size; i += 2) p.put(field, tlv + 2 + i, 2);
      tlv += 2 + size;
    }
    from = last;
  }
  return DONE;
}

/** A bit a VLAN, from the first one named on. */
function pruned(p: PacketView, at: number, end: number): number {
  if (end - at < 4) return DONE;
  const first = u16be(p.bytes, at);
  p.put(F.first, at, 2);
  p.put(F.last, at + 2, 2);
  for (let i = at + 4; i < end; i++) {
    for (let bit = 0; bit < 8; bit++) if ((p.bytes[i] & (0x80 >> bit)) !== 0) p.putInt(F.active, i, 1, first + 8 * (i - at - 4) + bit);
  }
  return DONE;
}
