import { put32be, u32be } from '../base/bytes.ts';
import type { Nanos } from '../base/time.ts';

/** Seconds from 1900, where NTP's era 0 begins, to 1970 (RFC 5905 §6). */
const ERA_0_TO_UNIX = 2_208_988_800n;
const ERA = 1n << 32n;

/** Writes an instant as an NTP timestamp: 32 bits of seconds since 1900, 32 of fraction. */
export function putNtpTime(b: Uint8Array, at: number, time: Nanos): void {
  const seconds = time / 1_000_000_000n + ERA_0_TO_UNIX;
  put32be(b, at, Number(seconds % ERA));
  put32be(b, at + 4, Number(((time % 1_000_000_000n) << 32n) / 1_000_000_000n));
}

/** The instant of an NTP timestamp, in the era that brings it nearest to `near`: eras change in February 2036. */
export function ntpTime(b: Uint8Array, at: number, near: Nanos): Nanos {
  const fraction = (BigInt(u32be(b, at + 4)) * 1_000_000_000n + (1n << 31n)) >> 32n;
  const inEra0 = (BigInt(u32be(b, at)) - ERA_0_TO_UNIX) * 1_000_000_000n + fraction;
  const era = ERA * 1_000_000_000n;
  const eras = (near - inEra0 + era / 2n) / era;
  return inEra0 + eras * era;
}
