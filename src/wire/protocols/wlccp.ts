import { u16be } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

// | version | SAP | destination type, 2 | length, 2 | type | hops | message id, 2 | flags, 2 | originator, 8 | responder, 8 | body |
const SAP = 1;
const TYPE = 6;
const FLAGS = 10;
const HEADER_LEN = 28;
/** In an advertisement, behind the address of the hop. */
const SCM_FLAGS = 6;
const CONTEXT = 0;
const ADVERTISE = 1;
const RELAYED = 0x0100;

const NODES = { 0: 'None', 1: 'Access Point (AP)', 2: 'Subnet Context Manager (SCM)', 4: 'Local Context Manager (LCM)', 8: 'Campus Context Manager (CCM)', 0x10: 'Infrastructure (ICN)', 0x40: 'Client' } as const;
const SUBTYPES = { 0: 'Request', 1: 'Reply', 2: 'Confirm', 3: 'Ack' } as const;
const MESSAGES = {
  1: 'SCM Advertise', 2: 'CCM Advertise', 3: 'Registration', 4: 'DeRegistration', 5: 'Detach', 6: 'Context', 7: 'Path Update', 8: 'Path Check', 9: 'PreRegistration',
  10: 'Trace', 11: 'cmAAA EAP Authent', 12: 'cmPathInit Path Authent', 15: 'cmWIDS',
} as const;
const hex = { base: 'hex' } as const;

export const wlccpFields = defineFields({
  version: { name: 'wlccp.version', ...put('u8', 'Version', hex) },
  sap: { name: 'wlccp.sap', ...put('u8', 'SAP', hex) },
  sapVersion: { name: 'wlccp.sap_version', ...put('u8', 'SAP Version', { mask: 0xc0 }) },
  sapId: { name: 'wlccp.sap_id', ...put('u8', 'SAP ID', { mask: 0x3f }) },
  destination: { name: 'wlccp.destination_node_type', ...put('u16', 'Destination node type', { values: NODES }) },
  length: { name: 'wlccp.length', ...put('u16', 'Length') },
  type: { name: 'wlccp.type', ...put('u8', 'Message Type', hex) },
  subtype: { name: 'wlccp.subtype', ...put('u8', 'Subtype', { mask: 0xc0, values: SUBTYPES }) },
  message: { name: 'wlccp.base_message_type', ...put('u8', 'Base message type', { base: 'hex', mask: 0x3f, values: MESSAGES }) },
  hops: { name: 'wlccp.hops', ...put('u8', 'Hops') },
  id: { name: 'wlccp.msg_id', ...put('u16', 'Message ID') },
  originatorType: { name: 'wlccp.originator_node_type', ...put('u16', 'Originator node type', { values: NODES }) },
  originator: { name: 'wlccp.originator', ...put('ether', 'Originator') },
  responderType: { name: 'wlccp.responder_node_type', ...put('u16', 'Responder node type', { values: NODES }) },
  responder: { name: 'wlccp.responder', ...put('ether', 'Responder') },
  relayType: { name: 'wlccp.relay_node_type', ...put('u16', 'Relay node type', { values: NODES }) },
  relay: { name: 'wlccp.relay_node_id', ...put('ether', 'Relay node ID') },
  hop: { name: 'wlccp.scm_hop_address', ...put('ether', 'Hop Address') },
  group: { name: 'wlccp.scm_election_group', ...put('u8', 'SCM Election Group') },
  attached: { name: 'wlccp.scm_attach_count', ...put('u8', 'Attach Count') },
  priorities: { name: 'wlccp.scm_priority_flags', ...put('u8', 'SCM Priority flags', hex) },
  priority: { name: 'wlccp.scm_priority', ...put('u8', 'SCM Priority', { mask: 0xfe }) },
  preferred: { name: 'wlccp.scm_preferred_flag', ...put('u8', 'Preferred flag', { mask: 0x01 }) },
  bridgePriorities: { name: 'wlccp.scm_bridge_priority_flags', ...put('u8', 'Bridge Priority flags') },
  bridgePriority: { name: 'wlccp.scm_bridge_priority', ...put('u8', 'Bridge priority', { mask: 0xfe }) },
  bridgeDisabled: { name: 'wlccp.scm_bridge_disable_flag', ...put('u8', 'Bridge disable flag', { mask: 0x01 }) },
  node: { name: 'wlccp.scm_node_id', ...put('ether', 'SCM Node ID') },
  unknown: { name: 'wlccp.scm_unknown_short', ...put('u16', 'Unknown Short', hex) },
  age: { name: 'wlccp.scm_instance_age', ...put('u32', 'Instance Age') },
  cost: { name: 'wlccp.scm_path_cost', ...put('u16', 'Path cost') },
  hopCount: { name: 'wlccp.scm_hop_count', ...put('u8', 'Hop Count') },
  period: { name: 'wlccp.scm_advperiod', ...put('u8', 'Advertisement Period') },
});
const F = wlccpFields;

const FLAG_BITS = defineBits('wlccp.flags', [
  ['wlccp.flags', 0, 'Flags', 'u16', 'hex'],
  ['wlccp.retry_flag', 0x8000, 'Retry flag', 'u16'],
  ['wlccp.response_request_flag', 0x4000, 'Response request flag', 'u16'],
  ['wlccp.tlv_flag', 0x2000, 'TLV flag', 'u16'],
  ['wlccp.inbound_flag', 0x1000, 'Inbound flag', 'u16'],
  ['wlccp.outbound_flag', 0x0800, 'Outbound flag', 'u16'],
  ['wlccp.hopwise_routing_flag', 0x0400, 'Hopwise-routing flag', 'u16'],
  ['wlccp.root_cm_flag', 0x0200, 'Root context manager flag', 'u16'],
  ['wlccp.relay_flag', 0x0100, 'Relay flag', 'u16'],
  ['wlccp.mic_flag', 0x0080, 'MIC flag', 'u16'],
]);
const SCM_BITS = defineBits('wlccp.scm_flags', [
  ['wlccp.scm_flags', 0, 'SCM flags', 'u16', 'hex'],
  ['wlccp.scm_layer2update_flag', 0x0008, 'Layer2 Update flag', 'u16'],
  ['wlccp.scm_unattached_flag', 0x0004, 'Unattached flag', 'u16'],
  ['wlccp.scm_unscheduled_flag', 0x0002, 'Unscheduled flag', 'u16'],
  ['wlccp.scm_active_flag', 0x0001, 'Active flag', 'u16'],
]);

const HEAD = layout({
  0: F.version, 1: [F.sap, F.sapVersion, F.sapId], 2: F.destination, 4: F.length, 6: [F.type, F.subtype, F.message], 7: F.hops, 8: F.id, 12: F.originatorType, 14: F.originator,
  20: F.responderType, 22: F.responder,
});
const RELAY = layout({ 0: F.relayType, 2: F.relay });
const ADVERTISEMENT = layout({
  0: F.hop, 8: F.group, 9: F.attached, 10: [F.priorities, F.priority, F.preferred], 11: [F.bridgePriorities, F.bridgePriority, F.bridgeDisabled], 12: F.node, 18: F.unknown, 20: F.age,
  24: F.cost, 26: F.hopCount, 27: F.period,
});

/** Access points and the managers of their contexts: heads of all messages, and how a manager presents itself. */
export const wlccp = defineDissector({
  name: 'wlccp',
  title: 'Cisco Wireless LAN Context Control Protocol',
  spec: ['Cisco WLCCP'],
  over: { ethertype: [0x872d], 'udp.port': [2887] },
  fields: { ...wlccpFields, ...namedFields(FLAG_BITS, SCM_BITS) },
  dissect(p, at, end) {
    if (!putLayout(p, HEAD, at, end)) return p.tooShort(HEADER_LEN);
    putBits(p, FLAG_BITS, at + FLAGS, 2);
    let body = at + HEADER_LEN;
    if ((u16be(p.bytes, at + FLAGS) & RELAYED) !== 0) {
      if (!putLayout(p, RELAY, body, end)) return p.tooShort(HEADER_LEN + RELAY.length);
      body += RELAY.length;
    }
    if ((p.bytes[at + SAP] & 0x3f) === CONTEXT && (p.bytes[at + TYPE] & 0x3f) === ADVERTISE && !putAdvertisement(p, body, end)) return unfit(p);
    return DONE;
  },
  info: (row) => `${row.text(F.message)} ${row.text(F.subtype)}`,
});
export default wlccp;

/** False where it is cut. */
function putAdvertisement(p: PacketView, at: number, end: number): boolean {
  const isWhole = putLayout(p, ADVERTISEMENT, at, end);
  if (at + SCM_FLAGS + 2 <= end) putBits(p, SCM_BITS, at + SCM_FLAGS, 2);
  return isWhole;
}
