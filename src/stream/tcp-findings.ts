// What the analysis of a TCP conversation says, in bits and marks: see tcp-analysis.ts.

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

/** The findings, as bits of `TcpAnalysis.flags`. */
export const RETRANSMISSION = 1;
export const LOST_SEGMENT = 2;
export const ACK_LOST_SEGMENT = 4;
export const KEEP_ALIVE = 8;
export const DUPLICATE_ACK = 16;
export const ZERO_WINDOW = 32;
export const ZERO_WINDOW_PROBE = 64;
export const ZERO_WINDOW_PROBE_ACK = 128;
export const KEEP_ALIVE_ACK = 256;
export const OUT_OF_ORDER = 512;
export const FAST_RETRANSMISSION = 1024;
export const WINDOW_UPDATE = 2048;
export const WINDOW_FULL = 4096;
export const REUSED_PORTS = 8192;
export const SPURIOUS_RETRANSMISSION = 16384;

/** Bits of `tcp.completeness`. */
export const SAW_SYN = 1;
export const SAW_SYN_ACK = 2;
export const SAW_ACK = 4;
export const SAW_DATA = 8;
export const SAW_FIN = 16;
export const SAW_RST = 32;

/** Window scale: not seen yet, and known to be off. */
export const SCALE_UNKNOWN = -1;
export const SCALE_NONE = -2;
