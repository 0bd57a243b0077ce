import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { ntpTime, putNtpTime } from './ntp-time.ts';
import { readStampReflection, stampReflection, stampRequest } from './stamp-packet.ts';

const ns = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;

// RFC 5905 figure 4: instants and the seconds of their timestamps.
for (const [iso, seconds] of [
  ['1970-01-01T00:00:00Z', 2_208_988_800], ['1999-12-31T00:00:00Z', 3_155_587_200], ['2036-02-07T06:28:15Z', 4_294_967_295], ['2036-02-07T06:28:16Z', 0], ['2036-02-08T00:00:00Z', 63_104],
] as const) {
  test(`${iso} is ${seconds} in its era, and is read back by an instant of that time`, () => {
    const b = new Uint8Array(8);
    putNtpTime(b, 0, ns(iso));
    assert.equal(new DataView(b.buffer).getUint32(0), seconds);
    assert.equal(ntpTime(b, 0, ns(iso) + 86_400_000_000_000n), ns(iso));
  });
}

test('half a second is half the fraction, and nanoseconds come back to within one', () => {
  const b = new Uint8Array(8);
  putNtpTime(b, 0, ns('2026-11-27T00:00:00Z') + 500_000_000n);
  assert.equal(toHex(b, 4, 8), '80000000');
  putNtpTime(b, 0, 1_700_000_000_123_456_789n);
  const back = ntpTime(b, 0, 1_700_000_000_000_000_000n);
  assert.ok(back - 1_700_000_000_123_456_789n <= 1n && back - 1_700_000_000_123_456_789n >= -1n, String(back));
});

test('a STAMP test packet has the layout of RFC 8762 §4.2.1, its reflection that of §4.3.1', () => {
  const request = stampRequest(7, ns('2026-11-27T00:00:00Z'));
  assert.equal(request.length, 44);
  assert.deepEqual([...request.subarray(14)].filter((v) => v !== 0), []);
  const reflection = stampReflection(request, 9, ns('2026-11-27T00:00:01Z'), ns('2026-11-27T00:00:02Z'))!;
  assert.equal(toHex(reflection, 24, 38), toHex(request, 0, 14), 'what the sender wrote comes back at octet 24');
  assert.deepEqual(readStampReflection(reflection, ns('2026-11-27T00:00:00Z')), { reflectorSeq: 9, senderSeq: 7, received: ns('2026-11-27T00:00:01Z'), sent: ns('2026-11-27T00:00:02Z'), ttl: 0 });
  assert.equal(stampReflection(Buffer.concat([request, new Uint8Array(20)]), 0, 0n, 0n)?.length, 64, 'as long as the request');
  for (let n = 0; n < 44; n++) {
    assert.equal(readStampReflection(reflection.subarray(0, n), 0n), undefined);
    assert.equal(stampReflection(request.subarray(0, n), 0, 0n, 0n), undefined);
  }
});
