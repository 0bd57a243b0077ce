import { put16be, put32be, u32be } from '../base/bytes.ts';
import type { Nanos } from '../base/time.ts';
import { ntpTime, putNtpTime } from './ntp-time.ts';

/** Length of a test packet without authentication, both ways (RFC 8762 §4.2.1, §4.3.1). */
export const STAMP_LEN = 44;
/**
 * Error estimate: the clock is not known to be synchronised (S = 0), the timestamp is NTP's (Z = 0), and the error is
 * multiplier / 2^32 * 2^scale seconds; the multiplier must not be 0 (RFC 4656 §4.1.2). Here about one millisecond.
 */
const ERROR_ESTIMATE = (22 << 8) | 1;
const TIME_AT = 4;
const ERROR_AT = 12;
const RECEIVED_AT = 16;
const SENDER_AT = 24;
const SENDER_LEN = 14;

/** What the session-sender sends. */
export function stampRequest(seq: number, time: Nanos): Uint8Array {
  const b = new Uint8Array(STAMP_LEN);
  put32be(b, 0, seq);
  putNtpTime(b, TIME_AT, time);
  put16be(b, ERROR_AT, ERROR_ESTIMATE);
  return b;
}

/**
 * What the session-reflector answers: its own number and times, then what the sender wrote. As long as the request (RFC 8762 §4.3);
 * undefined where the request is too short. The sender's hop limit is not known to a UDP socket of Node and stays 0.
 */
export function stampReflection(request: Uint8Array, seq: number, received: Nanos, sent: Nanos): Uint8Array | undefined {
  if (request.length < STAMP_LEN) return undefined;
  const b = new Uint8Array(request.length);
  put32be(b, 0, seq);
  putNtpTime(b, TIME_AT, sent);
  put16be(b, ERROR_AT, ERROR_ESTIMATE);
  putNtpTime(b, RECEIVED_AT, received);
  b.set(request.subarray(0, SENDER_LEN), SENDER_AT);
  return b;
}

export interface StampAnswer {
  readonly reflectorSeq: number;
  readonly senderSeq: number;
  readonly received: Nanos;
  readonly sent: Nanos;
  readonly ttl: number;
}

/** Reads a reflection; undefined where it is too short. */
export function readStampReflection(b: Uint8Array, near: Nanos): StampAnswer | undefined {
  if (b.length < STAMP_LEN) return undefined;
  return { reflectorSeq: u32be(b, 0), senderSeq: u32be(b, SENDER_AT), received: ntpTime(b, RECEIVED_AT, near), sent: ntpTime(b, TIME_AT, near), ttl: b[SENDER_AT + 16] };
}
