import { nanosOf } from '../../src/base/time.ts';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { compileFilter } from '../../src/filter/compile-filter.ts';
import { compileStoredFlowFilter, type FlowRecord, type ProtocolRecord, type StoredFlow } from '../../src/model/index.ts';
import { ipHex } from '../../src/base/ip.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

/** Flows of a capture file with their records, as the store would return them. */
export function storedFlows(file: string): StoredFlow[] {
  const flows: FlowRecord[] = [];
  const records = new Map<string, ProtocolRecord[]>();
  analyzeFileSync(file, {
    flow: (f) => void flows.push(f),
    record: (r) => void (records.get(r.flowId) ?? records.set(r.flowId, []).get(r.flowId) ?? []).push(r),
  });
  return flows.map((flow) => ({ flow, records: records.get(flow.id) ?? [] }));
}

/** For each filter the ids of the flows that it selects among the stored records, in order of first frame. */
export function flowsOfRecords(file: string, filters: readonly string[], stored = storedFlows(file)): Map<string, string[]> {
  return new Map(filters.map((text) => {
    const filter = compileStoredFlowFilter(text);
    return [text, stored.filter((s) => filter.matches(s)).map((s) => String(s.flow.id)).sort()];
  }));
}

/** For each filter the ids of the flows of which some packet of the file matches. */
export function flowsOfPackets(file: string, filters: readonly string[], stored = storedFlows(file)): Map<string, string[]> {
  const registry = new Registry(protocols);
  const compiled = filters.map((text) => compileFilter(text, registry));
  const packet = new Packet(registry, new Demand(registry, new Set(compiled.flatMap((f) => [...f.uses])), { track: true }), nodeHost);
  const byEnds = new Map<string, FlowRecord[]>();
  for (const { flow } of stored) {
    for (const key of keysOf(flow)) byEnds.set(key, [...(byEnds.get(key) ?? []), flow]);
  }
  const found = new Map<string, Set<string>>(filters.map((text) => [text, new Set()]));
  const framer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    if (packet.ipVersion === 0) return;
    // Of several flows between the same ends (ICMP in either direction) it belongs to the one that began last.
    const flow = byEnds.get(endsOf(packet))?.toSorted((a, b) => b.firstFrame - a.firstFrame).find((f) => f.firstFrame <= packet.frame && packet.frame <= f.lastFrame && nanosOf(packet.seconds, packet.nanoseconds) >= 0n);
    if (flow === undefined) return;
    for (const [i, f] of compiled.entries()) if (f.matches(packet.row)) found.get(filters[i])?.add(String(flow.id));
  });
  readCaptureSync(file, framer);
  return new Map([...found].map(([text, ids]) => [text, [...ids].sort()]));
}

const ICMP = new Set([1, 58]);

/** Both orders of the ends; of ICMP the addresses alone, with its identifier left out. */
function keysOf(f: FlowRecord): string[] {
  const [a, b] = ICMP.has(f.proto) ? [f.srcIp, f.dstIp] : [`${f.srcIp}.${f.srcPort}`, `${f.dstIp}.${f.dstPort}`];
  return [`${f.proto} ${a} ${b}`, `${f.proto} ${b} ${a}`];
}

function endsOf(p: Packet): string {
  const b = p.row.sources[p.networkSource];
  const family = p.ipVersion === 4 ? 4 : 6;
  const [src, dst] = [ipHex(b, p.srcAt, family), ipHex(b, p.dstAt, family)];
  return ICMP.has(p.ipProto) ? `${p.ipProto} ${src} ${dst}` : `${p.ipProto} ${src}.${p.srcPort} ${dst}.${p.dstPort}`;
}
