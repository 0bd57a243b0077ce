import { put16be, u16be } from '../../base/bytes.ts';
import type { IcmpSocket } from '../../native/icmp-socket.ts';
import type { TraceMethod } from './trace-method.ts';

const ECHO_REQUEST = { 4: 8, 6: 128 } as const;
const PAYLOAD_LEN = 24;
const PROTOCOL = { 4: 1, 6: 58 } as const;

/**
 * Echo requests: identifier and checksum stay the same, the sequence number is the probe's, and two bytes of payload make up for it.
 * The tracer hears the replies with all other ICMP.
 */
export function icmpMethod(socket: IcmpSocket, address: Uint8Array, id: number): TraceMethod {
  return {
    name: 'icmp',
    protocol: PROTOCOL[socket.family],
    send(ttl, seq) {
      const payload = new Uint8Array(PAYLOAD_LEN);
      put16be(payload, 0, (0xffff - seq) & 0xffff);
      return socket.send(address, ECHO_REQUEST[socket.family], 0, id, seq, payload, { ttl });
    },
    quoted: (bytes, at) => (bytes[at] === ECHO_REQUEST[socket.family] && u16be(bytes, at + 4) === id ? u16be(bytes, at + 6) : -1),
    drain: () => undefined,
    close: () => undefined,
  };
}
