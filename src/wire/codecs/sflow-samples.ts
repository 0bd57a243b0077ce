import { u32be } from '../../base/bytes.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { sflowFields as F } from './sflow-fields.ts';

// Sample types and records of the standard enterprise, 0.
const FLOW = 1;
const COUNTERS = 2;
const EXPANDED_FLOW = 3;
const EXPANDED_COUNTERS = 4;
const RAW_HEADER = 1;
const ETHERNET_HEADER = 1;

const FLOW_PART = layout({
  8: F.flowSampleSequenceNumber, 12: [F.flowSampleSourceIdClass, F.flowSampleIndex], 16: F.flowSampleSamplingRate, 20: F.flowSampleSamplePool,
  24: F.flowSampleDroppedPackets, 28: F.flowSampleInputInterface,
  32: [F.flowSampleOutputInterface, F.flowSampleOutputInterfaceFormat, F.flowSampleOutputInterfaceValue], 36: F.flowSampleFlowRecord,
});
const COUNTERS_PART = layout({
  8: F.countersSampleSequenceNumber, 12: [F.countersSampleSourceIdType, F.countersSampleSourceIdIndex], 16: F.countersSampleCountersRecords,
});
const EXPANDED_FLOW_PART = layout({
  8: F.flowSampleSequenceNumber, 12: F.flowSampleSourceIdType, 16: F.flowSampleSourceIdIndex, 20: F.flowSampleSamplingRate, 24: F.flowSampleSamplePool,
  28: F.flowSampleDroppedPackets, 32: F.flowSampleInputInterfaceFormat, 36: F.flowSampleInputInterfaceValue, 40: F.outputInterfaceFormat,
  44: F.flowSampleOutputInterfaceValue, 48: F.flowSampleFlowRecord,
});
const EXPANDED_COUNTERS_PART = layout({
  8: F.countersSampleSequenceNumber, 12: F.countersSampleSourceIdType, 16: F.countersSampleSourceIdIndex, 20: F.countersSampleCountersRecords,
});
const SAMPLES: Readonly<Record<number, Layout>> = {
  [FLOW]: FLOW_PART, [COUNTERS]: COUNTERS_PART, [EXPANDED_FLOW]: EXPANDED_FLOW_PART, [EXPANDED_COUNTERS]: EXPANDED_COUNTERS_PART,
};
const RAW = layout({
  8: F.headerProtocol, 12: F.headerFrameLength, 16: F.headerPayloadStripped, 20: F.headerSampledHeaderLength,
});
/** Counters by their format. */
const COUNTER_RECORDS: Readonly<Record<number, Layout>> = {
  1: layout({
    8: F.ifindex, 12: F.iftype, 16: F.ifspeed, 24: F.ifdirection, 28: [F.ifadminStatus, F.ifoperStatus], 32: F.ifinoct, 40: F.ifinpkt, 44: F.ifinmcast,
    48: F.ifinbcast, 52: F.ifindisc, 56: F.ifinerr, 60: F.ifinunk, 64: F.ifoutoct, 72: F.ifoutpkt, 76: F.ifoutmcast, 80: F.ifoutbcast, 84: F.ifoutdisc,
    88: F.ifouterr, 92: F.ifpromisc,
  }),
  2: layout({
    8: F.dot3StatsAlignmentErrors, 12: F.dot3StatsFCSErrors, 16: F.dot3StatsSingleCollisionFrames, 20: F.dot3StatsMultipleCollisionFrames,
    24: F.dot3StatsSQETestErrors, 28: F.dot3StatsDeferredTransmissions, 32: F.dot3StatsLateCollisions, 36: F.dot3StatsExcessiveCollisions,
    40: F.dot3StatsInternalMacTransmitErrors, 44: F.dot3StatsCarrierSenseErrors, 48: F.dot3StatsFrameTooLongs, 52: F.dot3StatsInternalMacReceiveErrors,
    56: F.dot3StatsSymbolErrors,
  }),
};

/** Puts one sample of a datagram: its head, and its records. */
export function putSflowSample(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const type = u32be(b, at) & 0xfff;
  p.put(F.enterprise, at, 4);
  p.put(F.sampletype, at, 4);
  p.put(F.sampleLength, at + 4, 4);
  if (u32be(b, at) >>> 12 !== 0) return;
  const part = SAMPLES[type];
  if (part === undefined || !putLayout(p, part, at, end)) return;
  let i = at + part.length;
  for (let n = u32be(b, i - 4); n > 0 && i + 8 <= end; n--) {
    const next = i + 8 + u32be(b, i + 4);
    if (next > end || next < i) return;
    putRecord(p, type, i, next);
    i = next;
  }
}

function putRecord(p: PacketView, type: number, at: number, end: number): void {
  const format = u32be(p.bytes, at) & 0xfff;
  const isFlow = type === FLOW || type === EXPANDED_FLOW;
  p.put(F.enterprise, at, 4);
  p.put(isFlow ? F.flowRecordFormat : F.countersRecordFormat, at, 4);
  p.put(F.flowDataLength, at + 4, 4);
  if (!isFlow) {
    const part = COUNTER_RECORDS[format];
    if (part !== undefined) putLayout(p, part, at, end);
    return;
  }
  if (format !== RAW_HEADER || !putLayout(p, RAW, at, end)) return;
  const header = at + RAW.length;
  const headerEnd = Math.min(end, header + u32be(p.bytes, at + 20));
  p.put(F.header, header, headerEnd - header);
  // The head of a sampled packet is a packet within, whose lengths exceed what is here by intent.
  if (u32be(p.bytes, at + 8) === ETHERNET_HEADER) p.quote(p.id('eth'), header, headerEnd);
}
