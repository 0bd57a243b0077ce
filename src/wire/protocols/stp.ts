import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Protocol 2, version 1, type 1; configuration and rapid units go on: flags 1, root 8, path cost 4, bridge 8, port 2, message age 2,
// max age 2, hello time 2, forward delay 2 (IEEE 802.1D-2004 §9.3).
const HEAD_LEN = 4;
const CONFIGURATION_LEN = 35;
const GARP = 1;
const CONFIGURATION = 0x00;
const RAPID = 0x02;
const TOPOLOGY_CHANGE = 0x80;
const MULTIPLE = 3;
const MST_HEAD_LEN = 64;
const MSTI_LEN = 16;

export const stpFields = defineFields({
  protocol: { name: 'stp.protocol', ...fixed('u16', 0, 'Protocol Identifier', { base: 'hex' }) },
  version: { name: 'stp.version', ...fixed('u8', 2, 'Protocol Version Identifier', { values: { 0: 'Spanning Tree', 2: 'Rapid Spanning Tree', 3: 'Multiple Spanning Tree', 4: 'SPB' } }) },
  type: { name: 'stp.type', ...fixed('u8', 3, 'BPDU Type', { base: 'hex', values: { 0x00: 'Configuration', 0x02: 'Rapid/Multiple Spanning Tree', 0x80: 'Topology Change Notification' } }) },
  rootPriority: { name: 'stp.root.prio', ...put('u16', 'Root Bridge Priority') },
  rootExtension: { name: 'stp.root.ext', ...put('u16', 'Root Bridge System ID Extension') },
  root: { name: 'stp.root.hw', ...put('ether', 'Root Bridge System ID') },
  cost: { name: 'stp.root.cost', ...put('u32', 'Root Path Cost') },
  bridgePriority: { name: 'stp.bridge.prio', ...put('u16', 'Bridge Priority') },
  bridgeExtension: { name: 'stp.bridge.ext', ...put('u16', 'Bridge System ID Extension') },
  bridge: { name: 'stp.bridge.hw', ...put('ether', 'Bridge System ID') },
  port: { name: 'stp.port', ...put('u16', 'Port identifier', { base: 'hex' }) },
  messageAge: { name: 'stp.msg_age', ...put('double', 'Message Age') },
  maxAge: { name: 'stp.max_age', ...put('double', 'Max Age') },
  hello: { name: 'stp.hello', ...put('double', 'Hello Time') },
  forwardDelay: { name: 'stp.forward', ...put('double', 'Forward Delay') },
  version1Length: { name: 'stp.version_1_length', ...put('u8', 'Version 1 Length') },
  version3Length: { name: 'mstp.version_3_length', ...put('u16', 'Version 3 Length') },
  selector: { name: 'mstp.config_format_selector', ...put('u8', 'MST Config ID format selector') },
  configName: { name: 'mstp.config_name', ...put('string', 'MST Config name') },
  revision: { name: 'mstp.config_revision_level', ...put('u16', 'MST Config revision') },
  digest: { name: 'mstp.config_digest', ...put('bytes', 'MST Config digest') },
  internalCost: { name: 'mstp.cist_internal_root_path_cost', ...put('u32', 'CIST Internal Root Path Cost') },
  cistPriority: { name: 'mstp.cist_bridge.prio', ...put('u16', 'CIST Bridge Priority') },
  cistExtension: { name: 'mstp.cist_bridge.ext', ...put('u16', 'CIST Bridge Identifier System ID Extension') },
  cist: { name: 'mstp.cist_bridge.hw', ...put('ether', 'CIST Bridge Identifier System ID') },
  hops: { name: 'mstp.cist_remaining_hops', ...put('u8', 'CIST Remaining hops') },
  mstiFlags: { name: 'mstp.msti.flags', ...put('u8', 'MSTI flags', { base: 'hex' }) },
  mstiPriority: { name: 'mstp.msti.priority', ...put('u8', 'Priority', { base: 'hex', mask: 0xf0 }) },
  mstiId: { name: 'mstp.msti.msti_id', ...put('u16', 'MSTID', { mask: 0x0fff }) },
  mstiRoot: { name: 'mstp.msti.root.hw', ...put('ether', 'Regional Root') },
  mstiCost: { name: 'mstp.msti.root_cost', ...put('u32', 'Internal root path cost') },
  mstiBridgePriority: { name: 'mstp.msti.bridge_priority', ...put('u8', 'Bridge Identifier Priority') },
  mstiPortPriority: { name: 'mstp.msti.port_priority', ...put('u8', 'Port identifier priority') },
  mstiHops: { name: 'mstp.msti.remaining_hops', ...put('u8', 'Remaining hops') },
  tlvType: { name: 'stp.pvst.tlvtype', ...put('u16', 'Type', { base: 'hex' }) },
  tlvLength: { name: 'stp.pvst.tlvlen', ...put('u16', 'Length') },
  origin: { name: 'stp.pvst.origvlan', ...put('u16', 'Originating VLAN') },
  unknownType: { name: 'stp.type.unknown', ...put('none', 'Unknown BPDU type data') },
  originMissing: { name: 'stp.pvst.origvlan.missing', ...put('none', 'Originating (PVID) VLAN TLV is missing or corrupt') },
});
const F = stpFields;

const FLAGS = defineBits('stp.flags', [
  ['stp.flags', 0, 'BPDU flags', 'u8', 'hex'],
  ['.tcack', 0x80, 'Topology Change Acknowledgment'],
  ['.tc', 0x01, 'Topology Change'],
]);
/** What rapid units say besides. */
const RAPID_FLAGS = defineBits('stp.flags', [
  ['.agreement', 0x40, 'Agreement'],
  ['.forwarding', 0x20, 'Forwarding'],
  ['.learning', 0x10, 'Learning'],
  ['.port_role', 0x0c, 'Port Role', 'u8'],
  ['.proposal', 0x02, 'Proposal'],
]);

/** Bridge protocol data units: spanning tree, rapid and multiple spanning tree, and Cisco's one a VLAN. */
export const stp = defineDissector({
  name: 'stp',
  title: 'Spanning Tree Protocol',
  spec: ['IEEE 802.1D-2004 §9', 'IEEE 802.1Q §14'],
  over: { 'llc.dsap': [0x42], 'llc.cisco_pid': [0x010b], 'ppp.protocol': [0x0201] },
  fields: { ...F, ...namedFields(FLAGS, RAPID_FLAGS) },
  leastHead: 2,
  // Registration protocols share the access point.
  heir: (p, at, end) => (end - at >= 2 && u16be(p.bytes, at) === GARP ? p.id('gvrp') : 0),
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const type = b[at + 3];
    if (type === TOPOLOGY_CHANGE) return DONE;
    if (type !== CONFIGURATION && type !== RAPID) {
      p.expert('warn', 'undecoded', 'stp.type.unknown', at + 3, 1);
      return DONE;
    }
    if (end - at < CONFIGURATION_LEN) return p.tooShort(CONFIGURATION_LEN);
    putBits(p, FLAGS, at + 4, 1);
    if (type === RAPID) putBits(p, RAPID_FLAGS, at + 4, 1);
    putBridge(p, at + 5, F.rootPriority, F.rootExtension, F.root);
    p.put(F.cost, at + 13, 4);
    putBridge(p, at + 17, F.bridgePriority, F.bridgeExtension, F.bridge);
    p.put(F.port, at + 25, 2);
    putTime(p, F.messageAge, at + 27);
    putTime(p, F.maxAge, at + 29);
    putTime(p, F.hello, at + 31);
    putTime(p, F.forwardDelay, at + 33);
    let from = at + CONFIGURATION_LEN;
    if (type === RAPID) {
      if (from >= end) return p.tooShort(CONFIGURATION_LEN + 1);
      p.put(F.version1Length, from, 1);
      from++;
      if (b[at + 2] >= MULTIPLE && end - from >= 2) from = multiple(p, from, end);
    }
    if (from > 0 && b[at - 2] === 0x01 && b[at - 1] === 0x0b) perVlan(p, from, end);
    return DONE;
  },
  info: (row) => (row.has(F.root) ? `Root = ${row.text(F.rootPriority)}/${row.text(F.rootExtension)}/${row.text(F.root)}  Cost = ${row.text(F.cost)}  Port = ${row.text(F.port)}` : 'Topology change'),
});
export default stp;

/** A bridge: priority in the upper four bits of two bytes, an extension in the others, an address. */
function putBridge(p: PacketView, at: number, priority: Field, extension: Field, address: Field): void {
  const word = u16be(p.bytes, at);
  p.putInt(priority, at, 2, word & 0xf000);
  p.putInt(extension, at, 2, word & 0x0fff);
  p.put(address, at + 2, 6);
}

/** Times count 256ths of a second. */
function putTime(p: PacketView, field: Field, at: number): void {
  p.putInt(field, at, 2, u16be(p.bytes, at) / 256);
}

/** Multiple spanning tree: the region, then a record an instance. Returns where they end. */
function multiple(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const length = u16be(b, at);
  p.put(F.version3Length, at, 2);
  const from = at + 2;
  if (length < MST_HEAD_LEN || end - from < MST_HEAD_LEN) return from;
  p.put(F.selector, from, 1);
  let name = 0;
  while (name < 32 && b[from + 1 + name] !== 0) name++;
  p.put(F.configName, from + 1, name);
  p.put(F.revision, from + 33, 2);
  p.put(F.digest, from + 35, 16);
  p.put(F.internalCost, from + 51, 4);
  putBridge(p, from + 55, F.cistPriority, F.cistExtension, F.cist);
  p.put(F.hops, from + 63, 1);
  const last = Math.min(end, from + length);
  let msti = from + MST_HEAD_LEN;
  for (; msti + MSTI_LEN <= last; msti += MSTI_LEN) {
    p.put(F.mstiFlags, msti, 1);
    p.put(FLAGS[1], msti, 1);
    p.put(FLAGS[2], msti, 1);
    putBits(p, RAPID_FLAGS, msti, 1);
    p.put(F.mstiPriority, msti + 1, 1);
    p.put(F.mstiId, msti + 1, 2);
    p.put(F.mstiRoot, msti + 3, 6);
    p.put(F.mstiCost, msti + 9, 4);
    p.putInt(F.mstiBridgePriority, msti + 13, 1, b[msti + 13] >> 4);
    p.putInt(F.mstiPortPriority, msti + 14, 1, b[msti + 14] >> 4);
    p.put(F.mstiHops, msti + 15, 1);
  }
  return msti;
}

/** Cisco's units say at their end for which VLAN they are. */
function perVlan(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let from = at;
  let isFound = false;
  // A byte of padding may stand before the record.
  if (end - from >= 7 && u16be(b, from + 2) !== 2 && u16be(b, from + 3) === 2) from++;
  while (end - from >= 4) {
    const length = u16be(b, from + 2);
    p.put(F.tlvType, from, 2);
    p.put(F.tlvLength, from + 2, 2);
    if (u16be(b, from) !== 0 || length !== 2 || end - from < 6) break;
    p.put(F.origin, from + 4, 2);
    isFound = true;
    from += 6;
    break;
  }
  if (!isFound) p.expert('warn', 'undecoded', 'stp.pvst.origvlan.missing', at, 0);
}
