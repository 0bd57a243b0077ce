import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DELIVERED, DIFFERS, HELD, RETRANSMITTED, SKIPPED } from './segment-results.ts';
import { TcpOrder, type TcpOrderOptions } from './tcp-order.ts';

class Recorder {
  text = '';
  readonly frames: number[] = [];
  readonly lent: Uint8Array[] = [];
  order: TcpOrder | undefined;
  data(_stream: number, bytes: Uint8Array, at: number, end: number): void {
    this.text += String.fromCharCode(...bytes.subarray(at, end));
    this.frames.push(this.order!.frame);
    this.lent.push(bytes);
  }
  gap(_stream: number, length: number, why: string): void {
    this.text += `[${length} ${why}]`;
  }
  fin(): void {
    this.text += '$';
  }
}

function start(options: Partial<TcpOrderOptions> = {}): { sink: Recorder; order: TcpOrder; send: (seq: number, text: string, how?: { syn?: boolean; fin?: boolean; sent?: number }) => number } {
  const sink = new Recorder();
  const order = new TcpOrder(sink, { maxStreams: 8, ...options });
  sink.order = order;
  let frame = 0;
  const send = (seq: number, text: string, how: { syn?: boolean; fin?: boolean; sent?: number } = {}): number => {
    const bytes = new TextEncoder().encode(text);
    return order.segment(0, seq >>> 0, how.syn ?? false, how.fin ?? false, bytes, 0, bytes.length, how.sent ?? bytes.length, ++frame, frame, 0);
  };
  return { sink, order, send };
}

test('bytes in order reach the sink in the caller\'s own array, without a copy', () => {
  const { sink, order } = start();
  const bytes = new TextEncoder().encode('xxhelloxx');
  order.segment(0, 99, true, false, bytes, 0, 0, 0, 1, 0, 0);
  assert.equal(order.segment(0, 100, false, false, bytes, 2, 7, 5, 2, 0, 0), DELIVERED);
  assert.equal(sink.text, 'hello');
  assert.equal(sink.lent[0], bytes);
});

test('a segment beyond a hole waits, and carries the frame that brought it', () => {
  const { sink, send } = start();
  send(0, '', { syn: true });
  assert.equal(send(4, 'def'), HELD);
  assert.equal(send(1, 'abc'), DELIVERED);
  assert.equal(sink.text, 'abcdef');
  assert.deepEqual(sink.frames, [3, 2]);
});

test('sequence numbers wrap', () => {
  const { sink, send } = start();
  send(0xfffffffd, '', { syn: true });
  send(0xfffffffe, 'ab');
  send(2, 'ef');
  send(0, 'cd');
  assert.equal(sink.text, 'abcdef');
});

test('a retransmission is counted and not delivered again, and its new tail is', () => {
  const { sink, order, send } = start();
  send(1, 'abc');
  assert.equal(send(1, 'abc'), RETRANSMITTED);
  assert.equal(send(2, 'bcde'), RETRANSMITTED | DELIVERED);
  assert.equal(sink.text, 'abcde');
  assert.equal(order.retransmittedBytes, 5);
});

test('where held copies overlap the first one wins and a difference is counted', () => {
  const { sink, order, send } = start();
  send(0, '', { syn: true });
  send(4, 'DEF');
  assert.equal(send(3, 'cdXfg'), HELD | RETRANSMITTED | DIFFERS);
  send(1, 'ab');
  assert.equal(sink.text, 'abcDEFg');
  assert.equal(order.differing, 1);
});

test('a capture that begins in the middle starts with its first data', () => {
  const { sink, send } = start();
  send(5000, '');
  send(5000, 'abc');
  send(4000, 'old');
  assert.equal(sink.text, 'abc');
});

test('a SYN may carry data (RFC 7413), and FIN ends the stream once everything before it came', () => {
  const { sink, order, send } = start();
  send(10, 'abc', { syn: true });
  send(17, 'gh', { fin: true });
  assert.equal(order.isFinished(0), false);
  send(14, 'def');
  assert.equal(sink.text, 'abcdefgh$');
  assert.equal(order.isFinished(0), true);
  assert.equal(send(17, 'gh', { fin: true }), RETRANSMITTED);
  assert.equal(sink.text, 'abcdefgh$');
});

test('a hole that the receiver acknowledged becomes a gap once data beyond it is seen', () => {
  const { sink, order, send } = start();
  send(1, 'ab');
  send(6, 'fg');
  order.acknowledge(0, 8);
  assert.equal(sink.text, 'ab[3 acknowledged]fg');
  order.acknowledge(0, 13);
  assert.equal(sink.text, 'ab[3 acknowledged]fg');
  send(11, 'kl');
  assert.equal(sink.text, 'ab[3 acknowledged]fg[3 acknowledged]kl');
});

test('an acknowledgement captured before its data does no harm', () => {
  const { sink, order, send } = start();
  send(1, 'ab');
  order.acknowledge(0, 5);
  send(3, 'cd');
  order.end(0);
  assert.equal(sink.text, 'abcd');
});

test('bytes that the snaplen cut off are a gap', () => {
  const { sink, send } = start();
  send(1, 'ab', { sent: 10 });
  send(11, 'kl');
  assert.equal(sink.text, 'ab[8 cut]kl');
});

test('the end delivers what was held, with its gaps, and what the FIN proves', () => {
  const { sink, order, send } = start();
  send(1, 'ab');
  send(5, 'ef');
  send(20, '', { fin: true });
  order.end(0);
  assert.equal(sink.text, 'ab[2 ended]ef[13 ended]');
  assert.equal(order.heldBytes, 0);
  send(77, 'new');
  assert.equal(sink.text.endsWith('new'), true);
});

test('one stream holds at most its cap, then gives its first hole up', () => {
  const { sink, order, send } = start({ maxHeldPerStream: 4 });
  send(1, 'ab');
  send(5, 'efgh');
  assert.equal(send(12, 'l') & SKIPPED, SKIPPED);
  assert.equal(sink.text, 'ab[2 evicted]efgh');
  assert.equal(order.heldOf(0), 1);
  assert.equal(order.evictions, 1);
});

test('all streams together hold at most the global cap: the oldest hole goes first', () => {
  const { sink, order } = start({ maxHeld: 6 });
  const bytes = new TextEncoder().encode('abcd');
  for (const stream of [0, 1]) {
    order.segment(stream, 0, true, false, bytes, 0, 0, 0, 1, 0, 0);
    order.segment(stream, 5, false, false, bytes, 0, 4, 4, 2, 0, 0);
  }
  assert.equal(sink.text, '[4 evicted]abcd');
  assert.equal(order.hasHole(0), false);
  assert.equal(order.hasHole(1), true);
});

test('any order of any overlapping segments gives the text that was sent', () => {
  const text = 'The quick brown fox jumps over the lazy dog, twice.';
  const piece = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 0, max: 0xffffffff }), (pieces, isn) => {
      const { sink, order, send } = start();
      send(isn, '', { syn: true });
      for (const [at, length] of pieces) send(isn + 1 + at, text.slice(at, at + length));
      for (let at = 0; at < text.length; at += 7) send(isn + 1 + at, text.slice(at, at + 7));
      send(isn + 1 + text.length, '', { fin: true });
      assert.equal(sink.text, `${text}$`);
      assert.equal(order.heldBytes, 0);
    }),
    { seed: 1, numRuns: 300 },
  );
});
