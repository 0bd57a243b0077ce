import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const TCP = 6;
const SESSION_LEN = 8;
const MAX_ACKS = 12;
/** SHA-1, SHA-256, SHA-512, MD5. */
const DIGESTS = [20, 32, 64, 16] as const;
const NEAR_SECONDS = 7 * 86_400;

// Opcodes of packets (OpenVPN's wire protocol, version 2).
const CONTROL_V1 = 4;
const ACK_V1 = 5;
const DATA_V1 = 6;
const DATA_V2 = 9;
const MAX_OPCODE = 11;

const OPCODES = {
  1: 'P_CONTROL_HARD_RESET_CLIENT_V1', 2: 'P_CONTROL_HARD_RESET_SERVER_V1', 3: 'P_CONTROL_SOFT_RESET_V1', 4: 'P_CONTROL_V1', 5: 'P_ACK_V1', 6: 'P_DATA_V1',
  7: 'P_CONTROL_HARD_RESET_CLIENT_V2', 8: 'P_CONTROL_HARD_RESET_SERVER_V2', 9: 'P_DATA_V2', 10: 'P_CONTROL_HARD_RESET_CLIENT_V3', 11: 'P_CONTROL_WKC_V1',
} as const;

export const openvpnFields = defineFields({ 
  plen: { name: 'openvpn.plen', ...put('u16', 'Packet Length') },
  opcode: { name: 'openvpn.opcode', ...put('u8', 'Opcode', { base: 'hex', mask: 0xf8, values: OPCODES }) },
  type: { name: 'openvpn.type', ...put('u8', 'Type', { base: 'hex' }) },
  keyid: { name: 'openvpn.keyid', ...put('u8', 'Key ID', { mask: 0x7 }) },
  peerid: { name: 'openvpn.peerid', ...put('u24', 'Peer ID') },
  data: { name: 'openvpn.data', ...put('bytes', 'Data') },
  sessionid: { name: 'openvpn.sessionid', ...put('u64', 'Session ID') },
  hmac: { name: 'openvpn.hmac', ...put('bytes', 'HMAC') },
  pid: { name: 'openvpn.pid', ...put('u32', 'Replay-Packet-ID') },
  netTime: { name: 'openvpn.net_time', ...put('abstime', 'Net Time', { base: 'utc' }) },
  mpidarraylength: { name: 'openvpn.mpidarraylength', ...put('u8', 'Message Packet-ID Array Length') },
  mpidarrayelement: { name: 'openvpn.mpidarrayelement', ...put('u32', 'Message Packet-ID Array Element') },
  rsessionid: { name: 'openvpn.rsessionid', ...put('u64', 'Remote Session ID') },
  mpid: { name: 'openvpn.mpid', ...put('u32', 'Message Packet-ID') },
  fragmentBytes: { name: 'openvpn.fragment_bytes', ...put('bytes', 'Fragment bytes') },
});
const F = openvpnFields;

/** Over UDP a packet a datagram, over TCP behind a length of two bytes. */
export const openvpn = defineDissector({
  name: 'openvpn',
  title: 'OpenVPN Protocol',
  short: 'OpenVPN',
  spec: ['OpenVPN wire protocol (work in progress draft)'],
  over: { 'udp.port': [1194], 'tcp.port': [1194] },
  fields: openvpnFields,
  stream: true,
  dissect(p, at, end) {
    if (p.ipProto !== TCP) return dissectPacket(p, at, end);
    if (end - at < 2) return p.more(2 - (end - at));
    const length = u16be(p.bytes, at);
    if (length === 0) return DECLINE;
    const next = at + 2 + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    p.put(F.plen, at, 2);
    const verdict = dissectPacket(p, at + 2, Math.min(end, next));
    if (verdict === DONE && next < p.wireEnd) p.payload(next, p.wireEnd);
    return verdict;
  },
  info: (row) => row.all(F.opcode).map((opcode) => (OPCODES as Readonly<Record<string, string>>)[String(Number(opcode))] ?? opcode).join(', '),
});
export default openvpn;

function dissectPacket(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 1) return p.tooShort(1);
  const opcode = b[at] >> 3;
  p.put(F.type, at, 1);
  p.put(F.opcode, at, 1);
  p.put(F.keyid, at, 1);
  if (opcode === DATA_V1 || opcode === DATA_V2 || opcode === 0 || opcode > MAX_OPCODE) {
    let data = at + 1;
    if (opcode === DATA_V2 && end - data >= 3) {
      p.put(F.peerid, data, 3);
      data += 3;
    }
    if (data < end) p.put(F.data, data, end - data);
    return DONE;
  }
  let i = at + 1;
  if (end - i < SESSION_LEN) return p.tooShort(1 + SESSION_LEN);
  p.put(F.sessionid, i, SESSION_LEN);
  i += SESSION_LEN;
  const digest = digestLength(p, i, end, opcode);
  if (digest > 0) {
    p.put(F.hmac, i, digest);
    p.put(F.pid, i + digest, 4);
    p.putTime(F.netTime, i + digest + 4, 4, u32be(b, i + digest + 4), 0);
    i += digest + 8;
  }
  if (i >= end) return p.tooShort(i + 1 - at);
  const acks = b[i];
  p.put(F.mpidarraylength, i, 1);
  i++;
  for (let n = 0; n < acks; n++, i += 4) {
    if (i + 4 > end) return p.tooShort(i + 4 - at);
    p.put(F.mpidarrayelement, i, 4);
  }
  if (acks > 0) {
    if (i + SESSION_LEN > end) return p.tooShort(i + SESSION_LEN - at);
    p.put(F.rsessionid, i, SESSION_LEN);
    i += SESSION_LEN;
  }
  if (opcode === ACK_V1) return DONE;
  if (i + 4 > end) return p.tooShort(i + 4 - at);
  p.put(F.mpid, i, 4);
  i += 4;
  if (opcode === CONTROL_V1 && i < end) p.put(F.fragmentBytes, i, end - i);
  return DONE;
}

/**
 * Length of the digest that stands in front of the packet's numbers where the two ends share a key (`tls-auth`). Nothing says so:
 * behind a digest come a number, a time that is about now, and the list of acknowledged packets.
 */
function digestLength(p: PacketView, at: number, end: number, opcode: number): number {
  for (const size of DIGESTS) {
    if (!fits(p.bytes, at + size + 8, end, opcode)) continue;
    if (Math.abs(u32be(p.bytes, at + size + 4) - p.seconds) < NEAR_SECONDS) return size;
  }
  if (fits(p.bytes, at, end, opcode)) return 0;
  for (const size of DIGESTS) if (fits(p.bytes, at + size + 8, end, opcode)) return size;
  return 0;
}

/** True where a list of acknowledged packets at `at` leaves what the opcode needs. */
function fits(b: Uint8Array, at: number, end: number, opcode: number): boolean {
  if (at >= end || b[at] > MAX_ACKS) return false;
  const rest = end - at - 1 - 4 * b[at] - (b[at] > 0 ? SESSION_LEN : 0);
  if (opcode === ACK_V1) return rest === 0 && b[at] > 0;
  return opcode === CONTROL_V1 ? rest >= 4 : rest === 4;
}
