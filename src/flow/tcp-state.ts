/** TCP's flags (RFC 9293 §3.1) and the states of one side of a connection. */
export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

// States of one side, Zeek's: what its own packets say of it.
export const INACTIVE = 0;
export const SYN_SENT = 1;
export const SYN_ACK_SENT = 2;
/** Seen without its SYN: the capture began in the middle. */
export const PARTIAL = 3;
export const ESTABLISHED = 4;
export const HAS_CLOSED = 5;
export const HAS_RESET = 6;
