// Captures of a few packets between 192.0.2.1 (client) and 192.0.2.2 (server), written where a test needs them.

const CLIENT = Buffer.of(192, 0, 2, 1);
const SERVER = Buffer.of(192, 0, 2, 2);

/** An IPv4 packet (raw link type): protocol, who speaks, the transport's bytes. */
function ip(proto: number, fromClient: boolean, transport: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + transport.length, 2);
  head[8] = 64;
  head[9] = proto;
  (fromClient ? CLIENT : SERVER).copy(head, 12);
  (fromClient ? SERVER : CLIENT).copy(head, 16);
  return Buffer.concat([head, transport]);
}

/** A datagram of the client. */
export function udp(port: number, hex: string): Buffer {
  const payload = Buffer.from(hex, 'hex');
  const head = Buffer.alloc(8);
  head.writeUInt16BE(40_000, 0);
  head.writeUInt16BE(port, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  return ip(17, true, Buffer.concat([head, payload]));
}

/** A TCP conversation with its handshake. */
export function tcp(clientPort: number, port: number, turns: readonly (readonly [fromClient: boolean, payload: string | Buffer])[]): Buffer[] {
  const next = [1000, 5000];
  const segment = (fromClient: boolean, flags: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(20);
    const side = fromClient ? 0 : 1;
    head.writeUInt16BE(fromClient ? clientPort : port, 0);
    head.writeUInt16BE(fromClient ? port : clientPort, 2);
    head.writeUInt32BE(next[side], 4);
    head.writeUInt32BE((flags & 16) === 0 ? 0 : next[1 - side], 8);
    head[12] = 0x50;
    head[13] = flags;
    head.writeUInt16BE(65_535, 14);
    next[side] += payload.length + (flags & 2) / 2;
    return ip(6, fromClient, Buffer.concat([head, payload]));
  };
  const none = Buffer.alloc(0);
  return [segment(true, 2, none), segment(false, 18, none), segment(true, 16, none), ...turns.map(([fromClient, payload]) => segment(fromClient, 24, Buffer.from(payload as string, 'latin1')))];
}

/** A capture file (pcap, raw IP), a packet a millisecond. */
export function captureOf(packets: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(101, 20);
  const records = packets.flatMap((packet, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(i * 1000, 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet];
  });
  return Buffer.concat([head, ...records]);
}
