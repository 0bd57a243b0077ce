// Makes test/golden/routing: one or two messages of each protocol of routing, tunnels and network infrastructure, built byte for byte
// here. The expected values are tshark's. Run: node scripts/captures/routing.ts
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromHex } from '../../src/base/bytes.ts';
import { internetSum } from '../../src/wire/checksum.ts';
import type { Travel } from './routing-messages.ts';
import { ROUTING_MESSAGES } from './routing-messages.ts';

const out = path.resolve(import.meta.dirname, '../../test/golden/routing');
const capture = path.join(out, 'input.pcap');

const u16 = (v: number): number[] => [(v >> 8) & 255, v & 255];
const u32 = (v: number): number[] => [...u16(v >>> 16), ...u16(v & 0xffff)];
const quad = (text: string): number[] => text.split('.').map(Number);
const SOURCE_V6 = fromHex('20010db8000000000000000000000001')!;
const DESTINATION_V6 = fromHex('20010db8000000000000000000000002')!;

let sequence = 1;

/** An Ethernet frame that carries `message`. */
function frame(message: Uint8Array, travel: Travel): Uint8Array {
  const source = travel.v6 === true ? SOURCE_V6 : Uint8Array.from(quad('192.0.2.1'));
  const destination = travel.v6 === true ? DESTINATION_V6 : Uint8Array.from(quad(travel.to ?? '192.0.2.2'));
  let proto = travel.ip ?? 0;
  let payload: number[] = [...message];
  const pseudo = (length: number): number => internetSum(source, 0, source.length, internetSum(destination, 0, destination.length, proto + length));
  if (travel.udp !== undefined) {
    proto = 17;
    payload = [...u16(travel.udp[0]), ...u16(travel.udp[1]), ...u16(8 + payload.length), 0, 0, ...payload];
    payload.splice(6, 2, ...u16(~internetSum(Uint8Array.from(payload), 0, payload.length, pseudo(payload.length)) & 0xffff));
  } else if (travel.tcp !== undefined) {
    proto = 6;
    payload = [...u16(travel.tcp[0]), ...u16(travel.tcp[1]), ...u32(sequence), ...u32(1), 0x50, 0x18, ...u16(8192), 0, 0, 0, 0, ...payload];
    payload.splice(16, 2, ...u16(~internetSum(Uint8Array.from(payload), 0, payload.length, pseudo(payload.length)) & 0xffff));
    sequence += message.length;
  } else if (travel.sum !== undefined) {
    const sum = internetSum(message, 0, message.length, travel.sum.pseudo === true ? pseudo(message.length) : 0);
    payload.splice(travel.sum.at, 2, ...u16(~sum & 0xffff));
  }
  const ethernet = fromHex('020000000002' + '020000000001')!;
  if (travel.v6 === true) return Uint8Array.from([...ethernet, 0x86, 0xdd, 0x60, 0, 0, 0, ...u16(payload.length), proto, 64, ...source, ...destination, ...payload]);
  const head = [0x45, 0, ...u16(20 + payload.length), 0, 1, 0, 0, 64, proto, 0, 0, ...source, ...destination];
  head.splice(10, 2, ...u16(~internetSum(Uint8Array.from(head), 0, 20) & 0xffff));
  return Uint8Array.from([...ethernet, 8, 0, ...head, ...payload]);
}

const START = 1_700_000_000;
mkdirSync(out, { recursive: true });
const bytes: number[] = [...fromHex('d4c3b2a1' + '0200' + '0400' + '00000000' + '00000000' + '00000400' + '01000000')!];
const little = (v: number): number[] => [v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >>> 24) & 255];
for (const [i, [hex, travel]] of ROUTING_MESSAGES.entries()) {
  const message = fromHex(hex.replaceAll(/\s/g, ''));
  if (message === undefined) throw new Error(`message ${i} is not hex`);
  const f = frame(message, travel);
  bytes.push(...little(START + i), ...little(0), ...little(f.length), ...little(f.length), ...f);
}
writeFileSync(capture, Uint8Array.from(bytes));

const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const rows = run('tshark', '-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])).split('\n').slice(0, ROUTING_MESSAGES.length);
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v]).filter(([, v]) => v !== '')))}\n`).join(''));
writeFileSync(path.join(out, 'SOURCE.md'), `# routing\n\nMade by \`scripts/captures/routing.ts\`, byte for byte, of the messages in \`routing-messages.ts\`.\nThe expected values are those of ${run('tshark', '--version').split('\n')[0]}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
