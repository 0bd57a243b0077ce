// Records for tests: complete, deterministic, easy to vary.
import { parseIp, type IpHex } from '../../src/base/ip.ts';
import { NS_PER_SECOND } from '../../src/base/time.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { FLOW_SCHEMA, recordId, type DatasetId, type FlowRecord } from '../../src/model/index.ts';

export const DATASET = 'test-dataset' as DatasetId;
export const T0 = 1_700_000_000n * NS_PER_SECOND;

export function ip(text: string): IpHex {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

let frame = 0;

/** A finished TCP flow from a private host to a public one, at `second` after T0. */
export function flowRecord(second: number, change: Partial<FlowRecord> = {}): FlowRecord {
  frame++;
  const time = T0 + BigInt(Math.round(second * 1e9));
  return {
    schema: FLOW_SCHEMA, id: recordId(DATASET, frame, 0), dataset: DATASET, sensorId: 's1', siteId: 'default', linkId: 'test0', sampling: 1, loss: 0, time,
    srcIp: ip('10.1.2.3'), dstIp: ip('198.51.100.7'), srcPort: 50_000, dstPort: 443, proto: 6, service: [],
    firstFrame: frame, lastFrame: frame, end: time + NS_PER_SECOND, duration: NS_PER_SECOND, connState: 'SF', history: 'ShADadFf',
    srcBytes: 200, dstBytes: 800, srcPackets: 6, dstPackets: 5, srcIpBytes: 520, dstIpBytes: 1060, missedBytes: 0, communityId: '1:x', vlans: [],
    srcMac: '02:00:0a:01:02:03', dstMac: '02:00:00:00:00:01', direction: 'outbound', endReason: 'closed',
    ...change,
  };
}

/** Digests, ciphers and inflate by Node, for pure code under test. */
export const testHost = nodeHost;
