// Layout of one flow in the table: 32 words of 32 bits (two cache lines). Words are indices into the row; where a thing is kept for
// both directions, direction d (0 = from the endpoint with the lower address, 1 = from the other) is at WORD + d.
//
//   0 key: addresses   2 ports  3 flags | 4 last packet | 6 packets | 8 IP bytes | 10 payload bytes, or TCP's sequence
//  12 frames last, first  14 first packet || 16 ... TCP's state, history, what counts of bytes do not fit into 32 bits
//
// The first line is all that a datagram needs: waiting for memory is most of what a packet of one flow among very many costs.

/** Words a row. */
export const ROW_WORDS = 32;
export const ROW_SHIFT = 5;

/** IPv4 address of the lower and of the higher endpoint; IPv6: a fold of the address, the bytes are in the key column. */
export const LOW_ADDRESS = 0;
export const HIGH_ADDRESS = 1;
/** `lower port << 16 | higher port`: of the lower and of the higher endpoint. */
export const PORTS = 2;
/** IP protocol (low 8 bits) and the bits below. */
export const FLAGS = 3;
/** Words from here on are zero when a flow begins. */
export const AFTER_KEY = 4;
export const LAST_SECONDS = 4;
export const LAST_NANOS = 5;
export const PACKETS = 6;
/** IP bytes, the lower 32 bits; the upper ones at IP_BYTES_HIGH. */
export const IP_BYTES = 8;
/** All but TCP: payload bytes, the lower 32 bits; the upper ones at PAYLOAD_HIGH. */
export const PAYLOAD_BYTES = 10;
/** TCP: the highest sequence number sent so far, exclusive. */
export const NEXT_SEQ = 10;
export const LAST_FRAME = 12;
export const FIRST_FRAME = 13;
export const FIRST_SECONDS = 14;
export const FIRST_NANOS = 15;
export const PAYLOAD_HIGH = 16;
/** TCP: sequence number of the first byte (the SYN's place). */
export const START_SEQ = 16;
/** TCP: the highest acknowledgement that direction d sent. */
export const ACK_SEQ = 18;
/** TCP: endpoint state (4 bits), FIN seen, history letters used, wraps of the sequence space: see tcp-endpoint.ts. */
export const ENDPOINT = 20;
/** Three words of packed history letters: see history.ts. */
export const HISTORY = 22;
/** TCP: time of the last packet before both sides had closed: what follows does not count in the duration. */
export const MOVED_SECONDS = 25;
export const MOVED_NANOS = 26;
/** Counts of the originating direction d: gaps, retransmissions, zero windows, 10 bits each, saturating. */
export const COUNTS = 27;
export const IP_BYTES_HIGH = 29;

// Bits of FLAGS above the protocol number.
export const PROTO_MASK = 0xff;
/** The row holds a flow. */
export const IN_USE = 1 << 8;
export const IPV6 = 1 << 9;
/** The higher endpoint is the originator. */
export const HIGH_IS_ORIGINATOR = 1 << 10;
/** The roles were swapped against the first packet: history's `^`. */
export const FLIPPED = 1 << 11;
/** Both sides are done: only the linger time is left. */
export const CLOSED = 1 << 12;
export const RESET = 1 << 13;
/** The flow's record follows one cut by the active timeout. */
export const CONTINUED = 1 << 14;
/** ICMP without an answer: the other direction is another flow. */
export const ONE_WAY = 1 << 15;
/** Which of several flows of the first frame (tunnels) this is: 4 bits. */
export const LEVEL_SHIFT = 16;
export const LEVEL_MASK = 15 << LEVEL_SHIFT;

/** Adds to a count of bytes whose lower half is at `low` and whose upper half is at `high`, both indices of words. */
export function addBytes(words: Int32Array, low: number, high: number, bytes: number): void {
  const sum = (words[low] + bytes) | 0;
  words[low] = sum;
  if (sum >>> 0 < bytes >>> 0) words[high]++;
}

export function bytesAt(unsigned: Uint32Array, low: number, high: number): number {
  return unsigned[high] * 0x1_0000_0000 + unsigned[low];
}
