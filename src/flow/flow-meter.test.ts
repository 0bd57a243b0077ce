import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { formatIp } from '../base/ip.ts';
import type { DatasetId, FlowRecord, ProtocolRecord } from '../model/index.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import type { SessionDefinition } from '../wire/session.ts';
import { FlowAnalyzer, type FlowAnalyzerOptions } from './flow-analyzer.ts';

const SYN = 2;
const ACK = 16;
const FIN = 1;
const RST = 4;

interface Sent { from?: 'a' | 'b'; flags?: number; seq?: number; ack?: number; text?: string; at?: number; proto?: number; sport?: number; dport?: number; window?: number }

/** Frames between two hosts of one family, in one analyser. */
class Wire {
  readonly flows: FlowRecord[] = [];
  readonly records: ProtocolRecord[] = [];
  readonly analyzer: FlowAnalyzer;
  readonly v6: boolean;
  frame = 0;

  constructor(v6: boolean, options: Partial<FlowAnalyzerOptions> = {}) {
    this.v6 = v6;
    this.analyzer = new FlowAnalyzer({ flow: (f) => this.flows.push(f), record: (r) => this.records.push(r) }, {
      maxFlows: 64, seed: 1, host: nodeHost, sessions: [],
      source: { dataset: createHash('sha256').update('x').digest('hex') as DatasetId, sensorId: 's', siteId: 'd', linkId: 'l', sampling: 1 },
      ...options,
    });
  }

  ip(from: 'a' | 'b', proto: number, l4: Uint8Array): Uint8Array {
    const src = from === 'a' ? 1 : 2;
    const out = new Uint8Array(14 + (this.v6 ? 40 : 20) + l4.length);
    out.set(this.v6 ? [0x86, 0xdd] : [8, 0], 12);
    if (this.v6) {
      out.set([0x60, 0, 0, 0, l4.length >> 8, l4.length & 255, proto, 64, 0x20, 1, 0xd, 0xb8], 14);
      out[14 + 23] = src;
      out.set([0x20, 1, 0xd, 0xb8], 14 + 24);
      out[14 + 39] = 3 - src;
    } else {
      out.set([0x45, 0, (20 + l4.length) >> 8, (20 + l4.length) & 255, 0, 0, 0, 0, 64, proto, 0, 0, 192, 0, 2, src, 192, 0, 2, 3 - src], 14);
    }
    out.set(l4, this.v6 ? 54 : 34);
    return out;
  }

  send({ from = 'a', flags = ACK, seq = 0, ack = 0, text = '', at = 0, proto = 6, sport = 40000, dport = 80, window = 500 }: Sent): void {
    const data = new TextEncoder().encode(text);
    const l4 = new Uint8Array((proto === 6 ? 20 : 8) + data.length);
    const v = new DataView(l4.buffer);
    if (proto === 6 || proto === 17) {
      v.setUint16(0, from === 'a' ? sport : dport);
      v.setUint16(2, from === 'a' ? dport : sport);
    } else {
      l4[0] = sport;
      l4[1] = dport;
    }
    if (proto === 6) {
      v.setUint32(4, seq >>> 0);
      v.setUint32(8, ack >>> 0);
      l4[12] = 0x50;
      l4[13] = flags;
      v.setUint16(14, window);
    } else if (proto === 17) v.setUint16(4, l4.length);
    l4.set(data, l4.length - data.length);
    const frame = this.ip(from, proto, l4);
    const seconds = 1_700_000_000 + Math.floor(at);
    this.analyzer.frame(frame, 0, frame.length, frame.length, 1, ++this.frame, seconds, Math.round((at % 1) * 1e9));
  }

  handshake(at = 0, port = 40000, isn = 100): void {
    this.send({ flags: SYN, seq: isn, at, sport: port });
    this.send({ from: 'b', flags: SYN | ACK, seq: 900, ack: isn + 1, at: at + 0.1, sport: port });
    this.send({ seq: isn + 1, ack: 901, at: at + 0.2, sport: port });
  }

  done(): FlowRecord[] {
    this.analyzer.finish('end_of_capture');
    return this.flows;
  }
}

for (const v6 of [false, true]) {
  const family = v6 ? 'IPv6' : 'IPv4';
  const header = v6 ? 40 : 20;

  test(`a whole TCP connection is one flow with Zeek's state, history and sizes (${family})`, () => {
    const w = new Wire(v6);
    w.handshake();
    w.send({ seq: 101, ack: 901, text: 'hello', at: 0.3 });
    w.send({ from: 'b', seq: 901, ack: 106, text: 'hi', at: 0.4 });
    w.send({ seq: 106, ack: 903, flags: FIN | ACK, at: 0.5 });
    w.send({ from: 'b', seq: 903, ack: 107, flags: FIN | ACK, at: 0.6 });
    w.send({ seq: 107, ack: 904, at: 0.7 });
    const [f] = w.done();
    assert.equal(w.flows.length, 1);
    assert.deepEqual(
      [f.connState, f.history, f.srcBytes, f.dstBytes, f.srcPackets, f.dstPackets, f.missedBytes, f.endReason],
      ['SF', 'ShADdFf', 5, 2, 5, 3, 0, 'closed'],
    );
    assert.equal(f.srcIpBytes, 5 * (header + 20) + 5);
    assert.equal(f.duration, 600_000_000n, 'the last acknowledgement does not count');
    assert.equal(formatIp(f.srcIp), v6 ? '2001:db8::1' : '192.0.2.1');
    assert.equal(f.firstFrame, 1);
    assert.equal(f.lastFrame, 8);
  });

  test(`attempts, refusals and resets have their own states (${family})`, () => {
    const cases: [Sent[], string, string][] = [
      [[{ flags: SYN, seq: 1 }], 'S0', 'S'],
      [[{ flags: SYN, seq: 1 }, { from: 'b', flags: RST | ACK, ack: 2 }], 'REJ', 'Sr'],
      [[{ flags: SYN, seq: 1 }, { from: 'b', flags: SYN | ACK, seq: 9, ack: 2 }, { flags: RST, seq: 2 }], 'RSTO', 'ShR'],
      [[{ flags: SYN, seq: 1 }, { flags: RST, seq: 2 }], 'RSTOS0', 'SR'],
      [[{ flags: SYN, seq: 1 }, { flags: FIN, seq: 2 }], 'SH', 'SF'],
      [[{ flags: ACK, seq: 5, text: 'x', sport: 40000, dport: 40001 }], 'OTH', 'D'],
      [[{ from: 'b', flags: SYN | ACK, seq: 9, ack: 2 }], 'OTH', '^h'],
    ];
    for (const [packets, state, history] of cases) {
      const w = new Wire(v6);
      for (const p of packets) w.send(p);
      const [f] = w.done();
      assert.deepEqual([f.connState, f.history], [state, history]);
      assert.equal(formatIp(f.srcIp), v6 ? '2001:db8::1' : '192.0.2.1');
    }
  });

  test(`sizes come from sequence numbers that wrap, gaps are missed bytes, repetitions are counted (${family})`, () => {
    const w = new Wire(v6);
    w.handshake(0, 40000, 0xfffffff0);
    w.send({ seq: 0xfffffff1, ack: 901, text: 'x'.repeat(20), at: 0.3 });
    w.send({ seq: 0xfffffff1, ack: 901, text: 'x'.repeat(20), at: 0.4 });
    w.send({ seq: 25, ack: 901, text: 'y'.repeat(5), at: 0.5 });
    w.send({ from: 'b', seq: 901, ack: 30, at: 0.6, window: 0 });
    const [f] = w.done();
    assert.equal(f.srcBytes, 45);
    assert.equal(f.missedBytes, 20);
    assert.equal(f.history, 'ShADTwaG');
  });

  test(`UDP and ICMP flows meet in both directions; a one-way ICMP type does not (${family})`, () => {
    const w = new Wire(v6);
    w.send({ proto: 17, text: 'ask', dport: 5000 });
    w.send({ proto: 17, from: 'b', text: 'answer', dport: 5000, at: 0.5 });
    const icmp = v6 ? 58 : 1;
    w.send({ proto: icmp, sport: v6 ? 128 : 8, dport: 0, text: 'ping' });
    w.send({ proto: icmp, from: 'b', sport: v6 ? 129 : 0, dport: 0, text: 'ping', at: 0.2 });
    w.send({ proto: icmp, sport: v6 ? 1 : 3, dport: 3, text: 'x', at: 0.3 });
    w.send({ proto: icmp, from: 'b', sport: v6 ? 1 : 3, dport: 3, text: 'y', at: 0.4 });
    const [udp, echo, one, other] = w.done();
    assert.equal(w.flows.length, 4);
    assert.deepEqual([udp.connState, udp.history, udp.srcBytes, udp.dstBytes], ['SF', 'Dd', 3, 6]);
    assert.deepEqual([echo.srcPort, echo.dstPort, echo.srcBytes, echo.dstBytes, echo.connState], v6 ? [128, 129, 4, 4, 'OTH'] : [8, 0, 4, 4, 'OTH']);
    assert.deepEqual([one.srcPort, one.dstPort, one.dstPackets, other.srcPackets], [v6 ? 1 : 3, 3, 0, 1]);
    assert.notEqual(one.srcIp, other.srcIp);
  });

  test(`a pause longer than the idle timeout makes two flows, whenever the table was swept (${family})`, () => {
    for (const sweepBudget of [0, 1000]) {
      const w = new Wire(v6, { sweepBudget });
      w.send({ proto: 17, text: 'one', dport: 5000 });
      w.send({ proto: 17, text: 'two', dport: 5000, at: 59 });
      w.send({ proto: 17, text: 'three', dport: 5000, at: 125 });
      assert.deepEqual(w.done().map((f) => [f.srcPackets, f.endReason, f.firstFrame]), [[2, 'idle_timeout', 1], [1, 'end_of_capture', 3]]);
    }
  });

  test(`a new SYN after the end begins a new flow on the same ports (${family})`, () => {
    const w = new Wire(v6);
    w.handshake();
    w.send({ from: 'b', flags: RST, seq: 901, at: 0.3 });
    w.handshake(1, 40000, 5000);
    assert.deepEqual(w.done().map((f) => [f.connState, f.endReason, f.firstFrame]), [['RSTR', 'reset', 1], ['S1', 'end_of_capture', 5]]);
  });

  test(`a full table ends a flow early and says so (${family})`, () => {
    const w = new Wire(v6, { maxFlows: 4 });
    for (let i = 0; i < 10; i++) w.send({ proto: 17, text: 'x', sport: 1000 + i, dport: 7000, at: i });
    const flows = w.done();
    assert.equal(flows.length, 10);
    assert.equal(flows.filter((f) => f.endReason === 'evicted').length, 6);
    assert.deepEqual(flows.map((f) => f.srcPort), [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009]);
  });

  test(`the active timeout cuts a long flow into records that add up (${family})`, () => {
    const w = new Wire(v6, { activeSeconds: 10 });
    w.handshake();
    for (let i = 0; i < 30; i++) w.send({ seq: 101 + i, ack: 901, text: 'z', at: 1 + i });
    const flows = w.done();
    assert.ok(flows.length >= 3);
    assert.deepEqual(flows.slice(0, -1).map((f) => f.endReason), flows.slice(0, -1).map(() => 'active_timeout'));
    assert.equal(flows.reduce((n, f) => n + (f.srcBytes ?? 0), 0), 30);
    assert.equal(flows.reduce((n, f) => n + f.srcPackets, 0), 32);
    assert.equal(new Set(flows.map((f) => f.id)).size, flows.length);
  });

  test(`a session gets bytes in order, whatever their order of arrival, and its records carry the flow (${family})`, () => {
    const lines: SessionDefinition = {
      service: 'lines', transport: 'tcp', ports: [],
      recognise: (b, at, end, dir) => (dir === 1 ? 'no' : end - at < 3 ? 'maybe' : b[at] === 0x4c ? 'yes' : 'no'),
      create: () => {
        let text = '';
        return {
          data: (_dir, b, at, end) => void (text += nodeHost.latin1(b, at, end)),
          gap: (_dir, length) => void (text += `[${length}]`),
          end: (ctx) => ctx.emit({ kind: 'anomaly', name: text, count: 1, firstFrame: 4, lastFrame: ctx.frame, time: 0n }),
        };
      },
    };
    const w = new Wire(v6, { sessions: [lines] });
    w.handshake();
    w.send({ seq: 101, ack: 901, text: 'L', at: 0.3 });
    w.send({ seq: 106, ack: 901, text: 'late', at: 0.4 });
    w.send({ seq: 102, ack: 901, text: 'INE ', at: 0.5 });
    const [f] = w.done();
    assert.deepEqual(f.service, ['lines']);
    const [r] = w.records;
    assert.equal(w.records.length, 1);
    assert.equal(r.kind === 'anomaly' && r.name, 'LINE late');
    assert.equal(r.flowId, f.id);
    assert.equal(r.srcIp, f.srcIp);
  });
}

test('packets counted in batches become the same flows as packets counted one by one', () => {
  const [single, batched] = [false, true].map((inBatches) => {
    const wire = new Wire(false, { batched: inBatches, maxFlows: 48 });
    for (let round = 0; round < 3; round++) {
      for (let port = 0; port < 90; port++) {
        wire.handshake(round * 4, 40000 + port, 100 + round);
        if (port % 3 === 0) wire.send({ flags: RST, seq: 101 + round, at: round * 4 + 0.5, sport: 40000 + port });
        wire.send({ proto: 17, sport: 5000 + (port % 7), dport: 53, text: 'x', at: round * 90 });
      }
    }
    return wire.done();
  });
  assert.ok(single.length > 200 && single.some((f) => f.endReason === 'evicted') && single.some((f) => f.endReason === 'reset'));
  assert.deepEqual(batched, single);
});
