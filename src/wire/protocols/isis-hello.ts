import { ADJACENCY, AUTHENTICATION, CHECKSUM, IS_NEIGHBORS, isisTlvFields, MULTI_TOPOLOGY, putEach, readCommon, readTlvs, RESTART } from '../codecs/isis-tlv.ts';
import { putSystemId, SYSTEM_ID_LEN } from '../codecs/isis-id.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Circuit type 1, source 6, holding time 2, length 2; on links of two: circuit 1; on LANs: priority 1, designated system 7.
const COMMON_LEN = 11;
const POINT_TO_POINT = 17;
const T = isisTlvFields('isis.hello');

export const isisHelloFields = defineFields({
  circuitType: { name: 'isis.hello.circuit_type', ...fixed('u8', 0, 'Circuit type', { base: 'hex', mask: 0x03, values: { 1: 'Level 1 only', 2: 'Level 2 only', 3: 'Level 1 and 2' } }) },
  reserved: { name: 'isis.hello.reserved', ...fixed('u8', 0, 'Reserved', { base: 'hex', mask: 0xfc }) },
  source: { name: 'isis.hello.source_id', ...put('string', 'SystemID {Sender of PDU}') },
  holding: { name: 'isis.hello.holding_timer', ...fixed('u16', 7, 'Holding timer') },
  length: { name: 'isis.hello.pdu_length', ...fixed('u16', 9, 'PDU length') },
  circuit: { name: 'isis.hello.local_circuit_id', ...put('u8', 'Local circuit ID') },
  priority: { name: 'isis.hello.priority', ...put('u8', 'Priority', { mask: 0x7f }) },
  lan: { name: 'isis.hello.lan_id', ...put('string', 'SystemID {Designated IS}') },
  neighbor: { name: 'isis.hello.is_neighbor', ...put('ether', 'IS Neighbor') },
  restart: { name: 'isis.hello.clv_restart_flags', ...put('u8', 'Restart Signaling Flags', { base: 'hex' }) },
  restartRequest: { name: 'isis.hello.clv_restart_flags.rr', ...put('boolean', 'Restart Request', { mask: 0x01 }) },
  restartAck: { name: 'isis.hello.clv_restart_flags.ra', ...put('boolean', 'Restart Acknowledgment', { mask: 0x02 }) },
  suppress: { name: 'isis.hello.clv_restart_flags.sa', ...put('boolean', 'Suppress Adjacency', { mask: 0x04 }) },
  remaining: { name: 'isis.hello.clv_restart.remain_time', ...put('u16', 'Remaining holding time') },
  restartNeighbor: { name: 'isis.hello.clv_restart.neighbor', ...put('string', 'Restarting Neighbor ID') },
  multiTopology: { name: 'isis.hello.clv_mt', ...put('u16', 'MT-ID', { base: 'hex' }) },
  authentication: { name: 'isis.hello.clv_authentication', ...put('bytes', 'Authentication') },
  checksum: { name: 'isis.hello.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  state: { name: 'isis.hello.adjacency_state', ...put('u8', 'Adjacency State', { values: { 0: 'Up', 1: 'Initializing', 2: 'Down' } }) },
  extendedCircuit: { name: 'isis.hello.extended_local_circuit_id', ...put('u32', 'Extended Local circuit ID', { base: 'hex' }) },
  neighborId: { name: 'isis.hello.neighbor_systemid', ...put('string', 'Neighbor SystemID') },
  neighborCircuit: { name: 'isis.hello.neighbor_extended_local_circuit_id', ...put('u32', 'Neighbor Extended Local circuit ID', { base: 'hex' }) },
});
const F = isisHelloFields;

export const isisHello = defineDissector({
  name: 'isis.hello',
  title: 'ISIS HELLO',
  short: 'ISIS HELLO',
  column: 'ISIS HELLO',
  spec: ['ISO 10589 §9.6', 'RFC 5303', 'RFC 5306'],
  over: {},
  fields: { ...F, t1: T.type, t2: T.length, t3: T.area, t4: T.protocol, t5: T.ip, t6: T.ipv6, t7: T.instance, t8: T.topology },
  dissect(p, at, end) {
    if (end - at < COMMON_LEN + 1) return p.tooShort(COMMON_LEN + 1);
    const b = p.bytes;
    putSystemId(p, F.source, at + 1, SYSTEM_ID_LEN);
    let from = at + COMMON_LEN;
    // The type stands in the head before, three bytes from its end.
    if ((b[at - 4] & 0x1f) === POINT_TO_POINT) {
      p.put(F.circuit, from, 1);
      from++;
    } else {
      if (end - from < 8) return p.tooShort(from + 8 - at);
      p.put(F.priority, from, 1);
      putSystemId(p, F.lan, from + 1, SYSTEM_ID_LEN + 1);
      from += 8;
    }
    return readTlvs(p, T, from, end, readTlv) ? DONE : p.tooShort(end - at + 1);
  },
  info: (row) => `System-ID: ${row.text(F.source)}`,
});
export default isisHello;

function readTlv(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  if (readCommon(p, T, type, at, end)) return;
  switch (type) {
    case IS_NEIGHBORS: putEach(p, F.neighbor, at, end, 6); return;
    case RESTART:
      if (length < 1) return;
      p.put(F.restart, at, 1);
      p.put(F.restartRequest, at, 1);
      p.put(F.restartAck, at, 1);
      p.put(F.suppress, at, 1);
      // How long is left stands in acknowledgments.
      if ((p.bytes[at] & 2) !== 0 && length >= 3) p.put(F.remaining, at + 1, 2);
      if (length >= 9) putSystemId(p, F.restartNeighbor, at + 3, SYSTEM_ID_LEN);
      return;
    case MULTI_TOPOLOGY: putEach(p, F.multiTopology, at, end, 2); return;
    case AUTHENTICATION: if (length > 1) p.put(F.authentication, at + 1, length - 1); return;
    case CHECKSUM: if (length >= 2) p.put(F.checksum, at, 2); return;
    case ADJACENCY:
      if (length >= 1) p.put(F.state, at, 1);
      if (length >= 5) p.put(F.extendedCircuit, at + 1, 4);
      if (length >= 11) putSystemId(p, F.neighborId, at + 5, SYSTEM_ID_LEN);
      if (length >= 15) p.put(F.neighborCircuit, at + 11, 4);
  }
}
