import { toHex } from '../base/bytes.ts';
import type { IpHex } from '../base/ip.ts';
import { nanosOf } from '../base/time.ts';
import { FLOW_SCHEMA, recordId, type FlowEndReason, type FlowRecord, type Networks, type RecordId, type RecordSource } from '../model/index.ts';
import { communityId } from './community-id.ts';
import { tcpConnState, udpConnState } from './conn-state.ts';
import type { FlowMeter } from './flow-meter.ts';
import {
  FIRST_FRAME, FIRST_NANOS, FIRST_SECONDS, FLAGS, FLIPPED, HIGH_ADDRESS, IP_BYTES, IP_BYTES_HIGH, IPV6, LAST_FRAME, LAST_NANOS, LAST_SECONDS,
  LEVEL_MASK, LEVEL_SHIFT, LOW_ADDRESS, MOVED_NANOS, MOVED_SECONDS, ONE_WAY, PACKETS, PAYLOAD_BYTES, PAYLOAD_HIGH, PORTS, PROTO_MASK,
  ROW_SHIFT, bytesAt,
} from './flow-row.ts';
import { ICMP, ICMPV6, TCP, UDP } from './transports.ts';
import { historyText } from './history.ts';
import { endpointState, sentBytes } from './tcp-endpoint.ts';

/** Who a flow is between, originator first. */
export interface FlowEnds {
  readonly srcIp: IpHex;
  readonly dstIp: IpHex;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly proto: number;
}

/** Id of the record that the flow in `slot` will have. */
export function flowIdOf(meter: FlowMeter, slot: number, source: RecordSource): RecordId {
  const row = slot << ROW_SHIFT;
  const { unsigned, words } = meter.table;
  return recordId(source.dataset, unsigned[row + FIRST_FRAME], (words[row + FLAGS] & LEVEL_MASK) >>> LEVEL_SHIFT);
}

function addressOf(meter: FlowMeter, slot: number, side: number): IpHex {
  const { unsigned, words, keys6 } = meter.table;
  const row = slot << ROW_SHIFT;
  if ((words[row + FLAGS] & IPV6) === 0) {
    const v = unsigned[row + (side === 0 ? LOW_ADDRESS : HIGH_ADDRESS)];
    return `00000000000000000000ffff${v.toString(16).padStart(8, '0')}` as IpHex;
  }
  let hex = '';
  for (let i = 0; i < 4; i++) hex += (keys6[slot * 8 + 4 * side + i] >>> 0).toString(16).padStart(8, '0');
  return hex as IpHex;
}

export function endsOf(meter: FlowMeter, slot: number): FlowEnds {
  const words = meter.table.words;
  const row = slot << ROW_SHIFT;
  const flags = words[row + FLAGS];
  const originator = meter.originator(slot);
  const ports = words[row + PORTS];
  const proto = flags & PROTO_MASK;
  const srcIp = addressOf(meter, slot, originator);
  const dstIp = addressOf(meter, slot, originator ^ 1);
  if ((flags & ONE_WAY) !== 0) return { srcIp, dstIp, srcPort: (ports >>> 16) & 0x7fff, dstPort: ports & 0xffff, proto };
  const low = ports >>> 16;
  const high = ports & 0xffff;
  return { srcIp, dstIp, srcPort: originator === 0 ? low : high, dstPort: originator === 0 ? high : low, proto };
}

/** The record of the flow in `slot`, whose end has come for `reason`. Without its Community ID, a digest for each flow, that field is empty. */
export function flowRecord(
  meter: FlowMeter, slot: number, reason: FlowEndReason, service: readonly string[], source: RecordSource, networks: Networks,
  withCommunityId: boolean,
): FlowRecord {
  const { words, unsigned } = meter.table;
  const row = slot << ROW_SHIFT;
  const flags = words[row + FLAGS];
  const o = meter.originator(slot);
  const r = o ^ 1;
  const ends = endsOf(meter, slot);
  const time = nanosOf(unsigned[row + FIRST_SECONDS], words[row + FIRST_NANOS]);
  const end = nanosOf(unsigned[row + LAST_SECONDS], words[row + LAST_NANOS]);
  // Only TCP has packets that come after the end.
  const moved = (ends.proto === TCP ? nanosOf(unsigned[row + MOVED_SECONDS], words[row + MOVED_NANOS]) : end) - time;
  const srcPackets = unsigned[row + PACKETS + o];
  const dstPackets = unsigned[row + PACKETS + r];
  const history = historyText(words, row, o, (flags & FLIPPED) !== 0);
  let srcBytes = 0;
  let dstBytes = 0;
  let connState: FlowRecord['connState'] = 'OTH';
  if (ends.proto === TCP) {
    srcBytes = sentBytes(words, unsigned, row, o);
    dstBytes = sentBytes(words, unsigned, row, r);
    connState = tcpConnState(endpointState(words, row, o), endpointState(words, row, r), srcBytes + dstBytes > 0, history);
  } else if (ends.proto === UDP || ends.proto === ICMP || ends.proto === ICMPV6) {
    srcBytes = bytesAt(unsigned, row + PAYLOAD_BYTES + o, row + PAYLOAD_HIGH + o);
    dstBytes = bytesAt(unsigned, row + PAYLOAD_BYTES + r, row + PAYLOAD_HIGH + r);
    if (ends.proto === UDP) connState = udpConnState(srcPackets > 0, dstPackets > 0);
  }
  const at = slot * 8;
  const { link } = meter;
  // The first packet came from the responder where the roles were swapped.
  const firstMac = macText(link, at + 3);
  const secondMac = macText(link, at);
  const swapped = (flags & FLIPPED) !== 0;
  const vlans: number[] = [];
  for (const v of [link[at + 6], link[at + 7]]) if (v !== 0) vlans.push(v - 1);
  return {
    schema: FLOW_SCHEMA,
    id: flowIdOf(meter, slot, source),
    dataset: source.dataset,
    sensorId: source.sensorId,
    siteId: source.siteId,
    linkId: source.linkId,
    sampling: source.sampling,
    loss: null,
    time,
    srcIp: ends.srcIp,
    dstIp: ends.dstIp,
    srcPort: ends.srcPort,
    dstPort: ends.dstPort,
    proto: ends.proto,
    service,
    firstFrame: unsigned[row + FIRST_FRAME],
    lastFrame: unsigned[row + LAST_FRAME],
    end,
    duration: srcPackets + dstPackets > 1 ? (moved > 0n ? moved : 0n) : null,
    connState,
    history: ends.proto === UDP ? udpHistory(srcPackets, dstPackets, (flags & FLIPPED) !== 0) : history,
    srcBytes,
    dstBytes,
    srcPackets,
    dstPackets,
    srcIpBytes: bytesAt(unsigned, row + IP_BYTES + o, row + IP_BYTES_HIGH + o),
    dstIpBytes: bytesAt(unsigned, row + IP_BYTES + r, row + IP_BYTES_HIGH + r),
    missedBytes: meter.missed[slot],
    communityId: withCommunityId ? communityId(ends.srcIp, ends.dstIp, ends.proto, ends.srcPort, ends.dstPort) : '',
    vlans,
    srcMac: swapped ? secondMac : firstMac,
    dstMac: swapped ? firstMac : secondMac,
    direction: networks.direction(ends.srcIp, ends.dstIp),
    endReason: reason,
  };
}

/** A flow begins with its originator's datagram unless it was flipped; then with the responder's. */
function udpHistory(sent: number, received: number, flipped: boolean): string {
  if (flipped) return `^${received > 0 ? 'd' : ''}${sent > 0 ? 'D' : ''}`;
  return `${sent > 0 ? 'D' : ''}${received > 0 ? 'd' : ''}`;
}

function macText(link: Uint16Array, at: number): string | null {
  if ((link[at] | link[at + 1] | link[at + 2]) === 0) return null;
  const bytes = new Uint8Array(6);
  for (let i = 0; i < 3; i++) {
    bytes[2 * i] = link[at + i] >> 8;
    bytes[2 * i + 1] = link[at + i];
  }
  return toHex(bytes, 0, 6, ':');
}
