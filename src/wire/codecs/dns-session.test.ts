import assert from 'node:assert/strict';
import test from 'node:test';
import { formatIp } from '../../base/ip.ts';
import type { DnsRecord } from '../../model/index.ts';
import { runSession } from '../../../test/support/session-run.ts';
import { looksLikeDns } from './dns-message.ts';
import { DnsSession } from './dns-session.ts';

const label = (text: string): number[] => [...text.split('.').flatMap((l) => [l.length, ...Buffer.from(l)]), 0];
const u16 = (v: number): number[] => [v >> 8, v & 255];
const question = (id: number, name: string, type: number): Uint8Array => Uint8Array.from([...u16(id), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...label(name), ...u16(type), 0, 1]);
function answer(id: number, name: string, type: number, data: number[][], rcode = 0): Uint8Array {
  const records = data.flatMap((d) => [0xc0, 12, ...u16(type), 0, 1, 0, 0, 1, 44, ...u16(d.length), ...d]);
  return Uint8Array.from([...u16(id), 0x81, 0x80 | rcode, 0, 1, ...u16(data.length), 0, 0, 0, 0, ...label(name), ...u16(type), 0, 1, ...records]);
}

test('query and response are one exchange with its answers and its time, in both families', () => {
  for (const [type, data, text] of [[1, [192, 0, 2, 7], '192.0.2.7'], [28, [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 9], '2001:db8::9']] as const) {
    const run = runSession(new DnsSession('udp'));
    run.data(0, question(7, 'host.test', type));
    run.data(1, answer(7, 'host.test', type, [[...data]]));
    run.end();
    assert.equal(run.records.length, 1);
    const r = run.records[0] as unknown as DnsRecord;
    assert.deepEqual([r.query, r.qtype, r.rcode, r.rtt, r.queryFrame, r.responseFrame], ['host.test', type, 0, 1_000_000n, 1, 2]);
    assert.deepEqual([r.answers, r.ttls, r.addresses.map(formatIp)], [[text], [300], [text]]);
  }
});

test('a query sent again is one exchange, one never answered is emitted at the end, and a lone response stands alone', () => {
  const run = runSession(new DnsSession('udp'));
  run.data(0, question(1, 'a.test', 1));
  run.data(0, question(1, 'a.test', 1));
  run.data(1, answer(1, 'a.test', 1, [], 3));
  run.data(0, question(2, 'b.test', 16));
  run.data(1, answer(9, 'c.test', 1, []));
  run.end();
  const seen = run.records.map((r) => r as unknown as DnsRecord).map((r) => [r.query, r.rcode, r.queryFrame, r.responseFrame]);
  assert.deepEqual(seen, [['a.test', 3, 1, 3], ['c.test', 0, null, 5], ['b.test', null, 4, null]]);
});

test('over TCP messages are framed by their length, however the segments are cut', () => {
  const framed = (m: Uint8Array): number[] => [...u16(m.length), ...m];
  const stream = Uint8Array.from([...framed(question(1, 'a.test', 1)), ...framed(question(2, 'b.test', 1))]);
  for (let cut = 1; cut < stream.length; cut++) {
    const run = runSession(new DnsSession('tcp'));
    run.data(0, stream.subarray(0, cut));
    run.data(0, stream.subarray(cut));
    run.end();
    assert.deepEqual(run.records.map((r) => (r as unknown as DnsRecord).query), ['a.test', 'b.test'], `cut at ${cut}`);
  }
});

test('a message is recognised on any port, its truncations and other bytes are not', () => {
  const q = question(5, 'host.test', 1);
  assert.equal(looksLikeDns(q, 0, q.length), true);
  for (let n = 0; n < q.length; n++) assert.equal(looksLikeDns(q, 0, n), false, `${n} bytes`);
  const ntp = new Uint8Array(48).fill(0x23);
  assert.equal(looksLikeDns(ntp, 0, ntp.length), false);
});

test('no truncation and no changed byte of a response throws', () => {
  const whole = answer(7, 'host.test', 1, [[192, 0, 2, 7], [192, 0, 2, 8]]);
  for (let n = 0; n <= whole.length; n++) {
    const run = runSession(new DnsSession('udp'));
    run.data(1, whole.subarray(0, n));
    run.end();
  }
  for (let i = 0; i < whole.length; i++) {
    for (const v of [0, 0xc0, 0xff]) {
      const run = runSession(new DnsSession('udp'));
      const b = whole.slice();
      b[i] = v;
      run.data(1, b);
      run.end();
    }
  }
});
