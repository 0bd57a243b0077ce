import { u16be } from '../../base/bytes.ts';
import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const VERSION_3_MAJORS: readonly number[] = [3, 10, 11, 12];

// Codes of version 3 (draft-ietf-idmr-dvmrp-v3 §3).
const PROBE = 1;
const REPORT = 2;
const ASK_NEIGHBORS_2 = 5;
const NEIGHBORS_2 = 6;
const PRUNE = 7;
const GRAFT = 8;
const GRAFT_ACK = 9;

const CODES = { 1: 'Probe', 2: 'Report', 3: 'Ask Neighbors', 4: 'Neighbors', 5: 'Ask Neighbors 2', 6: 'Neighbors 2', 7: 'Prune', 8: 'Graft', 9: 'Graft ACK' } as const;

export const dvmrpFields = defineFields({ 
  type: { name: 'dvmrp.type', ...fixed('u8', 0, 'Type', { base: 'hex' }) },
  checksum: { name: 'dvmrp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  capabilities: { name: 'dvmrp.capabilities', ...put('u8', 'Capabilities', { base: 'hex' }) },
  capNetmask: { name: 'dvmrp.cap.netmask', ...put('boolean', 'Netmask', { mask: 0x20 }) },
  capSnmp: { name: 'dvmrp.cap.snmp', ...put('boolean', 'SNMP', { mask: 0x10 }) },
  capMtrace: { name: 'dvmrp.cap.mtrace', ...put('boolean', 'Mtrace', { mask: 0x8 }) },
  capGenid: { name: 'dvmrp.cap.genid', ...put('boolean', 'Genid', { mask: 0x4 }) },
  capPrune: { name: 'dvmrp.cap.prune', ...put('boolean', 'Prune', { mask: 0x2 }) },
  capLeaf: { name: 'dvmrp.cap.leaf', ...put('boolean', 'Leaf', { mask: 0x1 }) },
  minVer: { name: 'dvmrp.min_ver', ...put('u8', 'Minor Version', { base: 'hex' }) },
  majVer: { name: 'dvmrp.maj_ver', ...put('u8', 'Major Version', { base: 'hex' }) },
  saddr: { name: 'dvmrp.saddr', ...put('ipv4', 'Source Addr') },
  maddr: { name: 'dvmrp.maddr', ...put('ipv4', 'Multicast Addr') },
  local: { name: 'dvmrp.local', ...put('ipv4', 'Local Addr') },
  metric: { name: 'dvmrp.metric', ...put('u8', 'Metric') },
  threshold: { name: 'dvmrp.threshold', ...put('u8', 'Threshold') },
  flags: { name: 'dvmrp.flags', ...put('none', 'Flags') },
  flagTunnel: { name: 'dvmrp.flag.tunnel', ...put('boolean', 'Tunnel', { mask: 0x1 }) },
  flagSrcroute: { name: 'dvmrp.flag.srcroute', ...put('boolean', 'Source Route', { mask: 0x2 }) },
  flagDown: { name: 'dvmrp.flag.down', ...put('boolean', 'Down', { mask: 0x10 }) },
  flagDisabled: { name: 'dvmrp.flag.disabled', ...put('boolean', 'Disabled', { mask: 0x20 }) },
  flagQuerier: { name: 'dvmrp.flag.querier', ...put('boolean', 'Querier', { mask: 0x40 }) },
  flagLeaf: { name: 'dvmrp.flag.leaf', ...put('boolean', 'Leaf', { mask: 0x80 }) },
  ncount: { name: 'dvmrp.ncount', ...put('u8', 'Neighbor Count') },
  checksumStatus: { name: 'dvmrp.checksum.status', ...put('u8', 'Checksum Status') },
  version: { name: 'dvmrp.version', ...put('u8', 'DVMRP Version') },
  v1Code: { name: 'dvmrp.v1.code', ...put('u8', 'Code', { base: 'hex' }) },
  v3Code: { name: 'dvmrp.v3.code', ...put('u8', 'Code', { base: 'hex', values: CODES }) },
  reserved: { name: 'dvmrp.reserved', ...put('u16', 'Reserved', { base: 'hex' }) },
  genid: { name: 'dvmrp.genid', ...put('u32', 'Generation ID') },
  neighbor: { name: 'dvmrp.neighbor', ...put('ipv4', 'Neighbor Addr') },
  lifetime: { name: 'dvmrp.lifetime', ...put('u32', 'Prune lifetime') },
  noteBadChecksum: { name: 'dvmrp.bad_checksum', ...put('none', 'Bad checksum') },
});
const F = dvmrpFields;

const CAPABILITIES = layout({ 5: [F.capabilities, F.capNetmask, F.capSnmp, F.capMtrace, F.capGenid, F.capPrune, F.capLeaf] });
const VERSIONS = layout({ 6: F.minVer, 7: F.majVer });
const PRUNED = layout({ 8: F.saddr, 12: F.maddr });
const INTERFACE = layout({
  0: F.local, 4: F.metric, 5: F.threshold, 6: [[F.flags, 1], F.flagTunnel, F.flagSrcroute, F.flagDown, F.flagDisabled, F.flagQuerier, F.flagLeaf], 7: F.ncount,
});

export const dvmrp = defineDissector({
  name: 'dvmrp',
  title: 'Distance Vector Multicast Routing Protocol',
  spec: ['RFC 1075', 'draft-ietf-idmr-dvmrp-v3'],
  over: { 'igmp.type': [0x13] },
  fields: dvmrpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const code = b[at + 1];
    putChecksum(p, F.checksumStatus, 'dvmrp.bad_checksum', at + 2, at, p.wireEnd);
    const isThird = VERSION_3_MAJORS.includes(b[at + 7]);
    p.putInt(F.version, at, 0, isThird ? 3 : 1);
    if (!isThird) {
      p.put(F.v1Code, at + 1, 1);
      return DONE;
    }
    p.put(F.v3Code, at + 1, 1);
    p.put(F.reserved, at + 4, 2);
    if (code === NEIGHBORS_2 || code === PROBE) putLayout(p, CAPABILITIES, at, end);
    putLayout(p, VERSIONS, at, end);
    const body = at + HEADER_LEN;
    switch (code) {
      case PROBE:
        if (end - body < 4) return p.tooShort(HEADER_LEN + 4);
        p.put(F.genid, body, 4);
        for (let i = body + 4; i + 4 <= end; i += 4) p.put(F.neighbor, i, 4);
        return DONE;
      case REPORT: return putRoutes(p, body, end);
      case NEIGHBORS_2: return putInterfaces(p, at, body, end);
      case PRUNE: case GRAFT: case GRAFT_ACK:
        if (!putLayout(p, PRUNED, at, end)) return p.tooShort(HEADER_LEN + 8);
        if (code === PRUNE && end - body >= 12) p.put(F.lifetime, body + 8, 4);
        return DONE;
      case ASK_NEIGHBORS_2:
      default: return DONE;
    }
  },
  info: (row) => `DVMRP ${row.text(F.v3Code)}`,
});
export default dvmrp;

function putInterfaces(p: PacketView, message: number, at: number, end: number): number {
  for (let i = at; i < end;) {
    if (!putLayout(p, INTERFACE, i, end)) return p.tooShort(i + INTERFACE.length - message);
    const count = p.bytes[i + 7];
    i += INTERFACE.length;
    for (let n = 0; n < count; n++, i += 4) {
      if (i + 4 > end) return p.tooShort(i + 4 - message);
      p.put(F.neighbor, i, 4);
    }
  }
  return DONE;
}

/** Routes by mask: three bytes of a mask whose first is 255, then addresses with as many bytes as the mask has, each with a metric. */
function putRoutes(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at; i + 3 <= end;) {
    const bytes = 1 + (u16be(b, i) !== 0 ? (b[i] !== 0 ? 1 : 0) + (b[i + 1] !== 0 ? 1 : 0) : 0) + (b[i + 2] !== 0 ? 1 : 0);
    i += 3;
    for (let last = false; !last && i + bytes < end;) {
      p.put(F.metric, i + bytes, 1);
      last = (b[i + bytes] & 0x80) !== 0;
      i += bytes + 1;
    }
  }
  return DONE;
}
