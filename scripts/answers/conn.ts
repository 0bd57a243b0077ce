import { formatIp } from '../../src/base/ip.ts';
import type { FlowRecord } from '../../src/model/index.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';

const PROTO: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };

/** Zeek leaves the byte counts of a connection without a duration unset. */
function row(f: FlowRecord): Record<string, unknown> {
  const lasting = f.duration !== null && f.duration > 0n;
  const proto = PROTO[f.proto] ?? 'unknown_transport';
  const bytes = (n: number | null): number | null => (lasting && n !== null ? n : null);
  return {
    proto,
    'id.orig_h': formatIp(f.srcIp),
    'id.orig_p': f.srcPort,
    'id.resp_h': formatIp(f.dstIp),
    'id.resp_p': f.dstPort,
    service: f.service.length > 0 ? [...f.service].sort().join(',') : null,
    conn_state: f.connState,
    history: f.history === '' ? null : f.history,
    orig_bytes: bytes(f.srcBytes),
    resp_bytes: bytes(f.dstBytes),
    orig_pkts: f.srcPackets,
    resp_pkts: f.dstPackets,
    orig_ip_bytes: f.srcIpBytes,
    resp_ip_bytes: f.dstIpBytes,
    missed_bytes: f.missedBytes,
  };
}

const conn: AnswerMaker = {
  answer(corpus, file) {
    const flows: FlowRecord[] = [];
    analyzeFileSync(corpus.pathOf(file), { flow: (f) => flows.push(f), record: () => {} });
    return { file, conn: flows.sort((a, b) => a.firstFrame - b.firstFrame).map(row) };
  },
};
export default conn;
