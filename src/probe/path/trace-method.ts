import type { EchoReply, SendOutcome } from '../../native/icmp-socket.ts';

/**
 * How a path is probed. A method keeps what routers share load by (addresses, protocol, ports, ICMP checksum) the same in all its
 * probes, and hides the probe's number where no router looks and every "time exceeded" quotes it.
 */
export interface TraceMethod {
  readonly name: 'icmp' | 'udp' | 'tcp';
  /** IP protocol number of its probes. */
  readonly protocol: number;
  send(ttl: number, seq: number): SendOutcome;
  /** Number of the probe whose transport header an ICMP error quotes at `at` (8 bytes at least are there); -1 = not ours. */
  quoted(bytes: Uint8Array, at: number): number;
  /** Takes the target's own answers that are no ICMP errors. */
  drain(onAnswer: (seq: number, reply: EchoReply) => void): void;
  close(): void;
}
