// Makes test/golden/services: one conversation of each protocol of mail, text, databases, messaging, peer to peer and industry, built
// byte for byte from service-talks.ts. The expected values are tshark's.
// Run: node scripts/captures/services.ts
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TALKS } from './service-talks.ts';

const out = path.resolve(import.meta.dirname, '../../test/golden/services');
const capture = path.join(out, 'input.pcap');
const CLIENT = { mac: '020000000001', ip: 'c0000201' };
const SERVER = { mac: '020000000002', ip: 'c0000202' };
const SYN = 0x02;
const ACK = 0x10;
const PSH_ACK = 0x18;
const FIN_ACK = 0x11;

const packets: Buffer[] = [];
let clock = 1_795_000_000;

function be16(v: number): Buffer {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(v);
  return b;
}

/** One frame from the client, or to it. */
function frame(toServer: boolean, protocol: number, transport: Buffer): void {
  const [from, to] = toServer ? [CLIENT, SERVER] : [SERVER, CLIENT];
  const ip = Buffer.from(`4500${be16(20 + transport.length).toString('hex')}${be16(packets.length).toString('hex')}400040${protocol.toString(16).padStart(2, '0')}0000${from.ip}${to.ip}`, 'hex');
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += ip.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  ip.writeUInt16BE(~sum & 0xffff, 10);
  const bytes = Buffer.concat([Buffer.from(`${to.mac}${from.mac}0800`, 'hex'), ip, transport]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(clock++, 0);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(bytes.length, 12);
  packets.push(head, bytes);
}

class Tcp {
  readonly #client: number;
  readonly #server: number;
  #sent = [1000, 5000];

  constructor(client: number, server: number) {
    this.#client = client;
    this.#server = server;
    this.#segment(true, SYN, Buffer.alloc(0), 1);
    this.#segment(false, SYN | ACK, Buffer.alloc(0), 1);
    this.#segment(true, ACK, Buffer.alloc(0), 0);
  }

  #segment(toServer: boolean, flags: number, bytes: Buffer, takes: number): void {
    const [from, to] = toServer ? [this.#client, this.#server] : [this.#server, this.#client];
    const [mine, theirs] = toServer ? [0, 1] : [1, 0];
    const head = Buffer.alloc(20);
    head.writeUInt16BE(from, 0);
    head.writeUInt16BE(to, 2);
    head.writeUInt32BE(this.#sent[mine], 4);
    head.writeUInt32BE((flags & ACK) !== 0 ? this.#sent[theirs] : 0, 8);
    head.writeUInt8(0x50, 12);
    head.writeUInt8(flags, 13);
    head.writeUInt16BE(64_000, 14);
    this.#sent[mine] += takes + bytes.length;
    frame(toServer, 6, Buffer.concat([head, bytes]));
  }

  say(toServer: boolean, bytes: Buffer): void {
    this.#segment(toServer, PSH_ACK, bytes, 0);
  }

  close(): void {
    this.#segment(false, FIN_ACK, Buffer.alloc(0), 1);
    this.#segment(true, ACK, Buffer.alloc(0), 0);
  }
}

for (const [i, talk] of TALKS.entries()) {
  const client = 40_000 + i;
  if (talk.transport === 'udp') {
    for (const [way, bytes] of talk.said) {
      const [from, to] = way === '>' ? [client, talk.port] : [talk.port, client];
      frame(way === '>', 17, Buffer.concat([be16(from), be16(to), be16(8 + bytes.length), be16(0), bytes]));
    }
    continue;
  }
  const tcp = new Tcp(client, talk.port);
  for (const [k, [way, bytes]] of talk.said.entries()) {
    // The data connection stands before the last reply.
    if (talk.data !== undefined && k === talk.said.length - 1) new Tcp(client + 1000, talk.data.port).say(false, talk.data.bytes);
    tcp.say(way === '>', bytes);
  }
  if (talk.end === true) tcp.close();
}

mkdirSync(out, { recursive: true });
const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
writeFileSync(capture, Buffer.concat([head, ...packets]));

const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const CONTROLS: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
const args = ['-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])];
const rows = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').slice(0, -1);
const valuesOf = (row: string): Record<string, string> =>
  Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v.replaceAll(/\\([abtnvfr])/g, (_, c: string) => CONTROLS[c])]).filter(([, v]) => v !== ''));
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(valuesOf(row))}\n`).join(''));
const version = execFileSync('tshark', ['--version'], { encoding: 'utf8' }).split('\n')[0];
writeFileSync(path.join(out, 'SOURCE.md'), `# services\n\nMade by \`scripts/captures/services.ts\`, byte for byte from the messages in \`service-talks.ts\`.\nThe expected values are those of ${version}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
