import { put16be, u16be } from '../../base/bytes.ts';
import type { LocalEndpoint } from '../../native/local-endpoint.ts';
import type { TransportSocket } from '../../native/icmp-socket.ts';
import { fold, segmentSum } from './transport-checksum.ts';
import type { TraceMethod } from './trace-method.ts';

const UDP = 17;
const HEADER_LEN = 8;
const PAYLOAD_LEN = 24;
const CHECKSUM_AT = 6;

/**
 * Datagrams to one port that nobody should listen at: the checksum is the probe's number, and two bytes of payload make it come true
 * (Paris traceroute). A checksum of 0 would mean none; numbers are never 0.
 */
export function udpMethod(socket: TransportSocket, local: LocalEndpoint, address: Uint8Array, port: number): TraceMethod {
  return {
    name: 'udp',
    protocol: UDP,
    send(ttl, seq) {
      const b = new Uint8Array(HEADER_LEN + PAYLOAD_LEN);
      put16be(b, 0, local.port);
      put16be(b, 2, port);
      put16be(b, 4, b.length);
      // What the sum lacks to the complement of the wanted checksum, in one's complement arithmetic.
      put16be(b, HEADER_LEN, fold((~seq & 0xffff) + (~segmentSum(local.address, address, UDP, b) & 0xffff)));
      put16be(b, CHECKSUM_AT, seq);
      return socket.sendSegment(address, b, ttl);
    },
    quoted: (bytes, at) => (u16be(bytes, at) === local.port && u16be(bytes, at + 2) === port ? u16be(bytes, at + CHECKSUM_AT) : -1),
    // A service that answers does not say to which datagram: only that the target was reached is known, not when.
    drain: (onAnswer) => void socket.drain((reply) => onAnswer(-1, reply)),
    close() {
      socket.close();
      local.close();
    },
  };
}
