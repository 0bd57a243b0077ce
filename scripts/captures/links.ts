// Makes test/golden/links: frames of links and of the protocols between neighbours, built byte for byte from the standards, because no
// program here speaks them; one pcapng file with an interface for each link type. The expected values are tshark's.
// Run: node scripts/captures/links.ts
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pcapngInterface, pcapngPacket, pcapngSection } from '../../src/pcap/pcapng-writer.ts';

const out = path.resolve(import.meta.dirname, '../../test/golden/links');
const capture = path.join(out, 'input.pcap');

/** Bytes of hex digits; spaces are for reading. */
const hex = (...parts: string[]): string => parts.join('').replace(/\s+/g, '');
const text = (t: string): string => Buffer.from(t, 'utf8').toString('hex');
const u8 = (n: number): string => n.toString(16).padStart(2, '0');
const u16 = (n: number): string => n.toString(16).padStart(4, '0');
const lengthOf = (h: string): number => hex(h).length / 2;

const A = '020000000001';
const B = '020000000002';
const C = '020000000003';

/** An 802.3 frame: addresses, length, logical link control. */
const llc = (destination: string, body: string): string => hex(destination, A, u16(lengthOf(body)), body);
const snap = (destination: string, pid: string, body: string): string => llc(destination, hex('aaaa03 00000c', pid, body));
const ether = (destination: string, type: string, body: string): string => hex(destination, A, type, body);
const tlv16 = (type: number, value: string): string => hex(u16(type), u16(4 + lengthOf(value)), value);
const lldpTlv = (type: number, value: string): string => hex(u16((type << 9) | lengthOf(value)), value);
const tlv8 = (type: number, value: string): string => hex(u8(type), u8(lengthOf(value)), value);
/** An option of PPP: its length counts its head in. */
const option = (type: number, value: string): string => hex(u8(type), u8(2 + lengthOf(value)), value);
const pppUnit = (protocol: string, code: number, id: number, body: string): string => hex('ff03', protocol, u8(code), u8(id), u16(4 + lengthOf(body)), body);

const bpdu = hex('0000 02 02 3c 8001', A, '00000004 8001', B, '8002 0100 1400 0200 0f00 00');
const isisHead = (length: number, type: number): string => hex('83', u8(length), '01 00', u8(type), '01 00 00');
const hello = hex(isisHead(27, 16), '02 000000000001 001e 0033 40 00000000000201', tlv8(129, 'cc8e'), tlv8(1, '03490001'), tlv8(132, 'c0000201'), tlv8(6, B));

const FRAMES: readonly (readonly [linkType: number, ...frames: string[]])[] = [
  [1,
    llc('0180c2000000', hex('424203', bpdu)),
    snap('01000ccccccd', '010b', hex('0000 00 00 01 8001', A, '00000000 8001', A, '8001 0000 1400 0200 0f00', '00 0000 0002 0001')),
    snap('01000ccccccc', '2000', hex('02 b4 0000', tlv16(1, text('switch.test')), tlv16(3, text('Gi0/1')), tlv16(4, '00000028'), tlv16(5, text('Version 15')), tlv16(6, text('cisco')), tlv16(10, '0001'), tlv16(11, '01'),
      tlv16(2, hex('00000001 01 01 cc 0004 c0000201')))),
    snap('01000ccccccc', '2004', hex('01', tlv16(1, text('lab')), tlv16(2, '81'), tlv16(3, '42'), tlv16(4, A))),
    snap('01000ccccccc', '2003', hex('01 02 01 03', text('lab').padEnd(64, '0'), '00000005', '14 00 01 04 0001 05dc 000186a1', text('vlan'), '03010001')),
    ether('0180c200000e', '88cc', hex(lldpTlv(1, hex('04', A)), lldpTlv(2, hex('05', text('eth0'))), lldpTlv(3, '0078'), lldpTlv(5, text('host.test')), lldpTlv(6, text('Linux')), lldpTlv(7, '00140010'),
      lldpTlv(8, hex('05 01 c0000201 02 00000001 00')), lldpTlv(127, '0080c2 01 0005'), lldpTlv(127, '00120f 04 05f2'), lldpTlv(127, hex('0012bb 01 000f 03')), lldpTlv(0, ''))),
    ether('0180c2000002', '8809', hex('01 01', '01 14 8000', A, '0001 8000 0001 3d 000000', '02 14 8000', B, '0001 8000 0002 3d 000000', '03 10 0000', '00'.repeat(64))),
    ether('0180c2000003', '888e', hex('02 03 005f', '02 008a 0010 0000000000000001', '11'.repeat(32), '00'.repeat(16), '00'.repeat(8), '00'.repeat(8), '00'.repeat(16), '0000')),
    ether('0180c2000003', '888e', hex('01 00 000a', '02 01 000a 01', text('alice'))),
    ether('ffffffffffff', '8863', hex('11 09 0000 000c', '0101 0000', '0103 0004 deadbeef')),
    ether(A, '9000', hex('0000 0100 0000', '00'.repeat(40))),
    llc('0180c2000015', hex('fefe03', hello)),
    llc('0180c2000015', hex('fefe03', isisHead(27, 20), '002b 04b0 0000000000010000 00000007 0000 03', tlv8(1, '03490001'), tlv8(137, text('r1')), tlv8(132, 'c0000201'))),
    llc('ffffffffffff', hex('e0e003 ffff 0022 00 04 00000000 ffffffffffff 0452 00000001', A, '4003 0003 0004')),
    llc('030000000001', hex('f0f003 2c00 ffef 08 00 0000 0000 0000', text('SERVER'.padEnd(15)), '20', text('CLIENT'.padEnd(15)), '00')),
    llc('0180c2000021', hex('424203 0001 01 04 02 0005 00 00')),
    ether('ffffffffffff', '0842', hex('ff'.repeat(6), A.repeat(16))),
  ],
  [127,
    hex('00 00 1a00 2f480000 0102030405060708 10 02 6c09 a000 c4 a1 0000', '8000 0000 ffffffffffff', B, B, '1000 0102030400000000 6400 1104', '0004', text('test'), '01 04 82848b96 03 01 06 05 04 00010000',
      '30 14 0100 000fac04 0100 000fac04 0100 000fac02 0000', 'dd 18 0050f2 02 01 01 80 00 03a40000 27a40000 42435e00 62322f00', 'aabbccdd'),
    hex('00 00 0800 00000000', 'b000 3a01', A, B, B, '2000 0000 0100 0000'),
    hex('00 00 0800 00000000', 'c000 3a01', A, B, B, '3000 0700'),
    hex('00 00 0800 00000000', '8801 2c00', B, A, C, '1000 0600 aaaa03 000000 0800 45000014 00000000 40110000 c0000201 c0000202'),
    hex('00 00 0800 00000000', '0842 2c00', A, B, C, '1000 01200020 00000000 aabbccddeeff0011'),
    hex('00 00 0800 00000000', 'd400 0000', A),
  ],
  [105, hex('b400 1000', A, B), hex('9400 0000', A, B, '0500 1000 ffffffffffffffff'), hex('d000 0000', A, B, B, '0000 03 00 01 0210 0000 1000')],
  [50,
    pppUnit('c021', 1, 1, hex(option(1, '05dc'), option(3, 'c223 05'), option(5, 'deadbeef'), option(7, ''), option(8, ''))),
    pppUnit('c021', 9, 2, 'deadbeef'),
    pppUnit('8021', 1, 1, hex(option(3, 'c0000201'), option(129, 'c0000235'))),
    pppUnit('8057', 1, 1, option(1, '0200000000000001')),
    pppUnit('c023', 1, 1, hex('05', text('alice'), '06', text('secret'))),
    pppUnit('c223', 1, 1, hex('10', '00112233445566778899aabbccddeeff', text('server'))),
    pppUnit('80fd', 1, 1, option(18, '01000060')),
  ],
  [104, hex('8f00 8035 00000002 00000005 00000004 ffff'), hex('0f00 0800 45000014 00000000 40110000 c0000201 c0000202')],
  [107, hex('1861 0800 45000014 00000000 40010000 c0000201 c0000202'), hex('1861 03 cc 45000014 00000000 40010000 c0000201 c0000202')],
  [227, hex('000007df 08 000000 0201050000000000'), hex('80001234 02 000000 aabb')],
  [230, hex('0308 06 ffff ffff 07'), hex('0080 63 ff01 0000 ffcf 00 00 00 2284 0102030405060708 ffffff 00')],
  [271, hex('0300000000000000 0200000000000000 00040000 d2040000 0100 0200 2c00 0000', '0300000000000000 0200000000000000 00040000 d2040000 00000000 0100 0100 00000000 00000400 00000000')],
];

mkdirSync(out, { recursive: true });
const blocks: Uint8Array[] = [pcapngSection('scripts/captures/links.ts'), ...FRAMES.map(([linkType]) => pcapngInterface(linkType, 262_144))];
let n = 0;
for (const [id, [, ...frames]] of FRAMES.entries()) {
  for (const frame of frames) {
    const bytes = Buffer.from(frame, 'hex');
    blocks.push(pcapngPacket(id, 1_700_000_000 + n, 0, bytes, 0, bytes.length, bytes.length));
    n++;
  }
}
writeFileSync(capture, Buffer.concat(blocks));

const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });
const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const rows = run('tshark', '-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])).split('\n').filter((line) => line !== '');
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v]).filter(([, v]) => v !== '')))}\n`).join(''));
writeFileSync(path.join(out, 'SOURCE.md'), `# links\n\nMade by \`scripts/captures/links.ts\`, byte for byte from the standards: nothing in it was captured. The file is pcapng with an\ninterface for each of ${FRAMES.length} link types. The expected values are those of ${run('tshark', '--version').split('\n')[0]}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
