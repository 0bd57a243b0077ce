// What `TcpOrder.segment` says of a segment, as bits.

/** Bytes (or the end of the stream) were delivered in order. */
export const DELIVERED = 1;
/** Some of its bytes had been delivered or held before. */
export const RETRANSMITTED = 2;
/** It lies beyond a hole and was kept. */
export const HELD = 4;
/** A copy of bytes that are still held differs from the first copy, which wins. */
export const DIFFERS = 8;
/** A hole was given up to make room: `gap` was called. */
export const SKIPPED = 16;
