// Captures for the benchmark that need no privilege: made from a seed, the same bytes every time.
import { closeSync, openSync, writeSync } from 'node:fs';

/** Numbers from a seed (xorshift32), so that a capture can be made again. */
export function randomFrom(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** Writes a classic pcap (LINKTYPE_ETHERNET, microseconds) in chunks. */
export class PcapFile {
  packets = 0;
  bytes = 24;
  readonly #fd: number;
  readonly #chunk = Buffer.alloc(1 << 20);
  #at = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w');
    this.#chunk.writeUInt32LE(0xa1b2c3d4, 0);
    this.#chunk.writeUInt16LE(2, 4);
    this.#chunk.writeUInt16LE(4, 6);
    this.#chunk.writeUInt32LE(262144, 16);
    this.#chunk.writeUInt32LE(1, 20);
    this.#at = 24;
  }

  add(frame: Uint8Array, length: number, microseconds: number): void {
    if (this.#at + 16 + length > this.#chunk.length) this.#flush();
    const c = this.#chunk;
    c.writeUInt32LE(Math.floor(microseconds / 1e6), this.#at);
    c.writeUInt32LE(microseconds % 1e6, this.#at + 4);
    c.writeUInt32LE(length, this.#at + 8);
    c.writeUInt32LE(length, this.#at + 12);
    c.set(frame.subarray(0, length), this.#at + 16);
    this.#at += 16 + length;
    this.packets++;
    this.bytes += 16 + length;
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    writeSync(this.#fd, this.#chunk, 0, this.#at);
    this.#at = 0;
  }
}

const frame = Buffer.alloc(1514);

/** Ethernet, IPv4 or IPv6 (one in eight), TCP or UDP; returns the frame's length. */
function build(v6: boolean, src: number, dst: number, proto: number, sport: number, dport: number, payload: number, seq: number, ack: number, flags: number): number {
  const ipLen = v6 ? 40 : 20;
  const l4Len = proto === 6 ? 20 : 8;
  frame.fill(0, 0, 14 + ipLen + l4Len);
  frame.writeUInt32BE(0x02000000, 0);
  frame.writeUInt16BE(v6 ? 0x86dd : 0x0800, 12);
  if (v6) {
    frame[14] = 0x60;
    frame.writeUInt16BE(l4Len + payload, 18);
    frame[20] = proto;
    frame[21] = 64;
    frame.writeUInt32BE(0x20010db8, 22);
    frame.writeUInt32BE(src, 34);
    frame.writeUInt32BE(0x20010db8, 38);
    frame.writeUInt32BE(dst, 50);
  } else {
    frame[14] = 0x45;
    frame.writeUInt16BE(ipLen + l4Len + payload, 16);
    frame[22] = 64;
    frame[23] = proto;
    frame.writeUInt32BE(src, 26);
    frame.writeUInt32BE(dst, 30);
  }
  const at = 14 + ipLen;
  frame.writeUInt16BE(sport, at);
  frame.writeUInt16BE(dport, at + 2);
  if (proto === 6) {
    frame.writeUInt32BE(seq >>> 0, at + 4);
    frame.writeUInt32BE(ack >>> 0, at + 8);
    frame[at + 12] = 0x50;
    frame[at + 13] = flags;
    frame.writeUInt16BE(0xfaf0, at + 14);
  } else frame.writeUInt16BE(8 + payload, at + 4);
  return at + l4Len + payload;
}

const TEST_NET = 0xc6336400; // 198.51.100.0/24

/** Large packets: downloads of many clients in parallel, HTTP heads at their beginnings. About `mib` MiB. */
export function generateLarge(path: string, mib: number): void {
  const random = randomFrom(20260721);
  const out = new PcapFile(path);
  let now = 1.8e15;
  interface Transfer { v6: boolean; client: number; server: number; port: number; seq: number; ack: number; left: number; step: number }
  const begin = (): Transfer => ({
    v6: (random() & 7) === 0, client: 0x0a000000 + (random() % 4000), server: TEST_NET + (random() % 50), port: 1024 + (random() % 60000), seq: random(), ack: random(),
    left: 2 + (random() % 60), step: 0,
  });
  const transfers = Array.from({ length: 400 }, begin);
  const request = Buffer.from('GET /file HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: wirewatch-bench\r\n\r\n');
  while (out.bytes < mib * 1048576) {
    const i = random() % transfers.length;
    const t = transfers[i];
    const up = (payload: number, flags: number): void => out.add(frame, build(t.v6, t.client, t.server, 6, t.port, 80, payload, t.seq, t.ack, flags), (now += 3));
    const down = (payload: number, flags: number): void => out.add(frame, build(t.v6, t.server, t.client, 6, 80, t.port, payload, t.ack, t.seq, flags), (now += 3));
    if (t.step === 0) {
      up(0, 2);
      t.seq++;
      down(0, 18);
      t.ack++;
      up(0, 16);
      const length = build(t.v6, t.client, t.server, 6, t.port, 80, request.length, t.seq, t.ack, 24);
      request.copy(frame, length - request.length);
      out.add(frame, length, (now += 3));
      t.seq += request.length;
      const size = t.left * 1400;
      const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${size}\r\n\r\n`);
      const headLength = build(t.v6, t.server, t.client, 6, 80, t.port, head.length, t.ack, t.seq, 24);
      head.copy(frame, headLength - head.length);
      out.add(frame, headLength, (now += 3));
      t.ack += head.length;
      t.step = 1;
    } else if (t.left > 0) {
      for (let k = 0; k < 2 && t.left > 0; k++, t.left--) {
        down(1400, 16);
        t.ack += 1400;
      }
      up(0, 16);
    } else {
      down(0, 17);
      t.ack++;
      up(0, 17);
      t.seq++;
      down(0, 16);
      transfers[i] = begin();
    }
  }
  out.close();
}

/** Small packets: SYN floods of changing ports and of changing sources, a UDP flood, and DNS questions with their answers. `packets` in all. */
export function generateSmall(path: string, packets: number): void {
  const random = randomFrom(20260722);
  const out = new PcapFile(path);
  let now = 1.8e15;
  let port = 1;
  let udpPort = 1;
  let id = 0;
  while (out.packets < packets) {
    const kind = random() % 100;
    now += 2;
    if (kind < 30) {
      // As hping3 does it: both ports count up, so that a flow comes back after 65,536 packets.
      port = (port + 1) & 0xffff;
      out.add(frame, build(false, 0x0a000003, TEST_NET + 1, 6, port, (port + 7) & 0xffff, 0, random(), 0, 2), now);
    } else if (kind < 35) out.add(frame, build(false, random(), TEST_NET + 1, 6, port, 80, 0, random(), 0, 2), now);
    else if (kind < 50) {
      udpPort = (udpPort + 1) & 0xffff;
      const length = build(false, 0x0a000004, TEST_NET + 1, 17, udpPort, (udpPort + 100) & 0xffff, 22, 0, 0, 0);
      // hping3's filling; what an earlier frame left there would look like DNS.
      frame.fill(0x58, length - 22, length);
      out.add(frame, length, now);
    } else {
      // 2,000 sockets ask, as dnsperf does.
      const v6 = (id & 7) === 0;
      const client = 0x0a000100 + (id % 20);
      const sport = 20_000 + (id % 2000);
      const question = dnsMessage(id = (id + 1) & 0xffff, random() % 3000, false);
      let length = build(v6, client, TEST_NET + 53, 17, sport, 53, question.length, 0, 0, 0);
      question.copy(frame, length - question.length);
      out.add(frame, length, now);
      const answer = dnsMessage(id, 0, true, question);
      length = build(v6, TEST_NET + 53, client, 17, 53, sport, answer.length, 0, 0, 0);
      answer.copy(frame, length - answer.length);
      out.add(frame, length, (now += 2));
    }
  }
  out.close();
}

/** Strangers that say one thing each: a packet a flow, half SYNs and half datagrams. */
export function generateStrangers(path: string, flows: number): void {
  const random = randomFrom(20260723);
  const out = new PcapFile(path);
  for (let i = 0; i < flows; i++) {
    const isTcp = (random() & 1) === 0;
    const length = build(false, random(), TEST_NET + (random() % 64), isTcp ? 6 : 17, 1024 + (random() % 60_000), random() % 65_536, isTcp ? 0 : 8, random(), 0, 2);
    if (!isTcp) frame.fill(0x58, length - 8, length);
    out.add(frame, length, 1.8e15 + 3 * i);
  }
  out.close();
}

function dnsMessage(id: number, host: number, isAnswer: boolean, question?: Buffer): Buffer {
  if (!isAnswer || question === undefined) {
    const label = `host${host}`;
    return Buffer.concat([
      Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, label.length]), Buffer.from(label), Buffer.from([4]), Buffer.from('test'), Buffer.from([0, 0, 1, 0, 1]),
    ]);
  }
  const answer = Buffer.concat([question, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1])]);
  answer[2] = 0x81;
  answer[3] = 0x80;
  answer[7] = 1;
  return answer;
}
