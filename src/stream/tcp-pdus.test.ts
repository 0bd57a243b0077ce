import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpPdus } from './tcp-pdus.ts';

test('a segment that begins within a PDU that was read overlaps it; its first segment may come again', () => {
  const pdus = new TcpPdus();
  const pdu = pdus.begin(0, 1000, new Uint8Array(10), 0, 10, 5, 1);
  assert.equal(pdus.overlapsRead(0, 1009), false);
  pdus.finish(pdu!);
  assert.deepEqual([1000, 1009, 1010, 1014, 1015].map((seq) => pdus.overlapsRead(0, seq)), [false, true, true, true, false]);
  assert.equal(pdus.overlapsRead(1, 1009), false);
});
