import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACK, ACK_LOST_SEGMENT, FIN, LOST_SEGMENT, OUT_OF_ORDER, PSH, RETRANSMISSION, SAW_ACK, SAW_DATA, SAW_FIN, SAW_SYN, SAW_SYN_ACK, SYN, WINDOW_UPDATE, ZERO_WINDOW_PROBE } from './tcp-findings.ts';
import { TcpAnalysis } from './tcp-analysis.ts';

/** One conversation; times in milliseconds, sequence numbers from 100 (client) and 500 (server). */
class Talk {
  readonly tcp = new TcpAnalysis();
  #frame = 0;

  segment(ms: number, dir: 0 | 1, seq: number, ack: number, flags: number, len = 0, window = 1000): number {
    this.tcp.ensure(0);
    this.tcp.segment(0, dir, ++this.#frame, Math.floor(ms / 1000), (ms % 1000) * 1e6, seq, ack, flags, window, len);
    return this.tcp.flags;
  }

  handshake(): void {
    this.segment(0, 0, 100, 0, SYN);
    this.segment(10, 1, 500, 101, SYN | ACK);
    this.segment(20, 0, 101, 501, ACK);
  }
}

test('a resend is measured from the oldest segment that waits for its acknowledgement', () => {
  const talk = new Talk();
  talk.handshake();
  talk.segment(1000, 0, 101, 501, ACK | PSH, 10);
  talk.segment(1200, 0, 111, 501, ACK | PSH, 10);
  assert.equal(talk.segment(1500, 0, 111, 501, ACK | PSH, 10), RETRANSMISSION);
  assert.deepEqual([talk.tcp.rtoFrame, talk.tcp.rtoSeconds, talk.tcp.rtoNanos], [4, 0, 500_000_000]);
});

test('one byte back and beyond the end is no resend: the byte was a keep-alive or a FIN', () => {
  const talk = new Talk();
  talk.handshake();
  talk.segment(1000, 0, 101, 501, ACK | FIN);
  assert.equal(talk.segment(2000, 0, 101, 501, ACK | PSH, 4), 0);
});

test('a clock that stepped back makes no reordering', () => {
  const talk = new Talk();
  talk.handshake();
  talk.segment(1000, 0, 101, 501, ACK | PSH, 10);
  talk.segment(1001, 0, 111, 501, ACK | PSH, 10);
  assert.equal(talk.segment(1002, 0, 101, 501, ACK | PSH, 5), OUT_OF_ORDER);
  assert.equal(talk.segment(900, 0, 101, 501, ACK | PSH, 5), RETRANSMISSION);
});

test('acknowledgements beyond what was shown are told twice at most until the other side speaks', () => {
  const talk = new Talk();
  talk.handshake();
  assert.equal(talk.segment(1000, 0, 101, 600, ACK | PSH, 5) & ACK_LOST_SEGMENT, ACK_LOST_SEGMENT);
  assert.equal(talk.segment(1010, 0, 106, 700, ACK | PSH, 5) & ACK_LOST_SEGMENT, 0);
  assert.equal(talk.tcp.shown, true);
  assert.equal(talk.segment(1020, 1, 700, 111, ACK | PSH, 5), LOST_SEGMENT);
  assert.equal(talk.segment(1030, 0, 111, 800, ACK | PSH, 5) & ACK_LOST_SEGMENT, ACK_LOST_SEGMENT);
});

test('the acknowledgement of a zero window probe opens the window and tells of no loss', () => {
  const talk = new Talk();
  talk.handshake();
  talk.segment(1000, 1, 501, 101, ACK, 0, 0);
  assert.equal(talk.segment(2000, 0, 101, 501, ACK, 1), ZERO_WINDOW_PROBE);
  assert.equal(talk.segment(2010, 1, 501, 102, ACK, 0, 500), WINDOW_UPDATE);
});

test('bytes in flight are known again once the other side speaks, and what SACK reports is not in flight', () => {
  const talk = new Talk();
  talk.handshake();
  talk.segment(1000, 0, 201, 501, ACK | PSH, 10);
  assert.equal(talk.tcp.bytesInFlight, 0);
  talk.segment(1010, 1, 501, 101, ACK);
  talk.tcp.sacked(0, 1, 10);
  talk.segment(1020, 0, 211, 501, ACK | PSH, 20);
  assert.equal(talk.tcp.bytesInFlight, 20);
});

test('completeness counts a first segment only where it is the SYN', () => {
  const middle = new Talk();
  middle.segment(0, 0, 101, 501, ACK | PSH, 10);
  assert.equal(middle.tcp.completeness[0], 0);
  middle.segment(10, 1, 501, 111, ACK | PSH, 10);
  assert.equal(middle.tcp.completeness[0], SAW_DATA);
  const whole = new Talk();
  whole.handshake();
  whole.segment(1000, 0, 101, 501, ACK | FIN);
  assert.equal(whole.tcp.completeness[0], SAW_SYN | SAW_SYN_ACK | SAW_ACK | SAW_FIN);
});
