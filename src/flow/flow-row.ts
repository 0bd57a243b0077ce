// Layout of one flow in the table: 32 words of 32 bits (two cache lines). Words are indices into the row; where a thing is kept for
// both directions, direction d (0 = from the endpoint with the lower address, 1 = from the other) is at WORD + d.
//
//   0 key: addresses   2 ports  3 flags | 4 first packet | 6 last packet | 8 packets | 10 IP bytes (two doubles)
//  14 frames first, last | 16 TCP sequence, or payload bytes (two doubles) | 20 ACK | 22 per direction | 24 history | 27 ...

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
export const FIRST_SECONDS = 4;
export const FIRST_NANOS = 5;
export const LAST_SECONDS = 6;
export const LAST_NANOS = 7;
export const PACKETS = 8;
/** Index in doubles, not words: IP bytes of direction d at row/2 + IP_BYTES + d. */
export const IP_BYTES = 5;
export const FIRST_FRAME = 14;
export const LAST_FRAME = 15;
/** TCP: sequence number of the first byte (the SYN's place) and the highest one sent so far, exclusive. */
export const START_SEQ = 16;
export const NEXT_SEQ = 18;
/** Others: payload bytes as doubles at row/2 + PAYLOAD_BYTES + d. */
export const PAYLOAD_BYTES = 8;
/** TCP: the highest acknowledgement that direction d sent. */
export const ACK_SEQ = 20;
/** TCP: endpoint state (4 bits), FIN seen, history letters used, wraps of the sequence space: see tcp-endpoint.ts. */
export const ENDPOINT = 22;
/** Three words of packed history letters: see history.ts. */
export const HISTORY = 24;
/** TCP: time of the last packet before both sides had closed: what follows does not count in the duration. */
export const MOVED_SECONDS = 27;
export const MOVED_NANOS = 28;
/** Counts of the originating direction d: gaps, retransmissions, zero windows, 10 bits each, saturating. */
export const COUNTS = 29;

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
