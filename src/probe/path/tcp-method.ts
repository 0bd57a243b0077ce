import { put16be, put32be, u16be, u32be } from '../../base/bytes.ts';
import type { LocalEndpoint } from '../../native/local-endpoint.ts';
import type { TransportSocket } from '../../native/icmp-socket.ts';
import { segmentSum } from './transport-checksum.ts';
import type { TraceMethod } from './trace-method.ts';

const TCP = 6;
const SYN = 0x02;
const RST_OR_SYN = 0x06;
const ACK = 0x10;
const HEADER_LEN = 24;

/**
 * SYNs of one connection that is never made: the probe's number is in the sequence number, which every error quotes and every answer
 * acknowledges. Firewalls let it pass where the service is open; the kernel, which knows of no such connection, resets it.
 *
 * @param base random start of the sequence numbers
 */
export function tcpMethod(socket: TransportSocket, local: LocalEndpoint, address: Uint8Array, port: number, base: number): TraceMethod {
  const seqOf = (number: number): number => {
    const seq = (number - base) >>> 0;
    return seq > 0 && seq <= 0xffff ? seq : -1;
  };
  return {
    name: 'tcp',
    protocol: TCP,
    send(ttl, seq) {
      const b = new Uint8Array(HEADER_LEN);
      put16be(b, 0, local.port);
      put16be(b, 2, port);
      put32be(b, 4, (base + seq) >>> 0);
      b[12] = (HEADER_LEN / 4) << 4;
      b[13] = SYN;
      put16be(b, 14, 65_535);
      // Maximum segment size, as any SYN has it (RFC 9293 §3.7.1).
      b.set([2, 4, 0x05, 0xb4], 20);
      put16be(b, 16, ~segmentSum(local.address, address, TCP, b) & 0xffff);
      return socket.sendSegment(address, b, ttl);
    },
    quoted: (bytes, at) => (u16be(bytes, at) === local.port && u16be(bytes, at + 2) === port ? seqOf(u32be(bytes, at + 4)) : -1),
    drain: (onAnswer) => void socket.drain((reply) => {
      const { bytes, at, end } = reply;
      if (end - at < 20 || u16be(bytes, at) !== port || u16be(bytes, at + 2) !== local.port) return;
      const flags = bytes[at + 13];
      if ((flags & RST_OR_SYN) !== 0 && (flags & ACK) !== 0) onAnswer(seqOf((u32be(bytes, at + 8) - 1) >>> 0), reply);
    }),
    close() {
      socket.close();
      local.close();
    },
  };
}
