// What clients and servers say to each other in test/golden/services: messages of each protocol, byte for byte, from its
// specification. `>` goes to the server, `<` comes from it.

/** One conversation: where the server listens, and what is said in which order. `end` = the server closes the connection. */
export interface Talk {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly said: readonly (readonly ['>' | '<', Buffer])[];
  readonly end?: boolean;
  /** Another port of the server that a conversation opens (FTP's data). */
  readonly data?: { readonly port: number; readonly bytes: Buffer };
}

const text = (s: string): Buffer => Buffer.from(s, 'latin1');
const line = (s: string): Buffer => text(`${s}\r\n`);
const hex = (s: string): Buffer => Buffer.from(s.replaceAll(' ', ''), 'hex');
const u16 = (v: number): Buffer => hex(v.toString(16).padStart(4, '0'));
const u32 = (v: number): Buffer => hex(v.toString(16).padStart(8, '0'));
const le = (b: Buffer): Buffer => Buffer.from(b).reverse();
const join = (...parts: readonly (Buffer | string)[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part)));

/** A message of PostgreSQL: type, length with itself, body. */
const pg = (type: string, ...body: readonly (Buffer | string)[]): Buffer => {
  const b = join(...body);
  return join(text(type), u32(b.length + 4), b);
};
const zero = (s: string): Buffer => text(`${s}\0`);
/** A packet of MySQL: length of three bytes, number, body. */
const my = (number: number, ...body: readonly (Buffer | string)[]): Buffer => {
  const b = join(...body);
  return join(le(u32(b.length)).subarray(0, 3), Buffer.from([number]), b);
};
const counted = (s: string): Buffer => join(u16(s.length), text(s));
const mqtt = (first: string, ...body: readonly (Buffer | string)[]): Buffer => {
  const b = join(...body);
  return join(first, Buffer.from([b.length]), b);
};
const crcTable = Array.from({ length: 256 }, (_, i) => {
  let v = i;
  for (let k = 0; k < 8; k++) v = (v & 1) !== 0 ? (v >>> 1) ^ 0xa6bc : v >>> 1;
  return v;
});
const crc = (b: Buffer): Buffer => le(u16(~b.reduce((sum, c) => crcTable[(sum ^ c) & 255] ^ (sum >>> 8), 0) & 0xffff));
/** A DNP3 frame: head with its checksum, and blocks of 16 bytes with theirs. */
const dnp3 = (control: string, to: number, from: number, payload: Buffer): Buffer => {
  const head = join('0564', Buffer.from([payload.length + 5]), control, le(u16(to)), le(u16(from)));
  const blocks: Buffer[] = [];
  for (let i = 0; i < payload.length; i += 16) blocks.push(payload.subarray(i, i + 16), crc(payload.subarray(i, i + 16)));
  return join(head, crc(head), ...blocks);
};
const tpkt = (...body: readonly (Buffer | string)[]): Buffer => {
  const b = join(...body);
  return join('0300', u16(b.length + 4), b);
};
const enip = (command: string, session: string, ...body: readonly (Buffer | string)[]): Buffer => {
  const b = join(...body);
  return join(command, le(u16(b.length)), session, '00000000', '0102030405060708', '00000000', b);
};
/** TP-Link's cipher: each byte is combined with the one before it. */
const cipher = (s: string): Buffer => {
  let last = 171;
  return Buffer.from([...text(s)].map((c) => (last ^= c)));
};
const mail = ['From: Ann <ann@example.test>', 'To: bob@example.test, Cy <cy@example.test>', 'Subject: A golden', '  mail', 'Date: Thu, 26 Nov 2026 10:00:00 +0000', 'Message-ID: <1@example.test>', 'X-Mark: one', 'Content-Type: text/plain; charset=utf-8', '', 'Hello.', ''].join('\r\n');

export const TALKS: readonly Talk[] = [
  {
    transport: 'tcp', port: 21, said: [
      ['<', line('220 ready')], ['>', line('USER ann')], ['<', line('331 password')], ['>', line('PASS secret')], ['<', line('230 in')], ['>', line('PWD')], ['<', line('257 "/pub" is the directory')],
      ['>', line('PASV')], ['<', line('227 Entering Passive Mode (192,0,2,2,19,137)')], ['>', line('RETR a.txt')], ['<', line('150 opening')], ['<', line('226 done')],
    ], data: { port: 5001, bytes: text('some text\r\nof a file\r\n') },
  },
  {
    transport: 'tcp', port: 25, said: [
      ['<', line('220 mail.example.test ESMTP')], ['>', line('EHLO client.example.test')], ['<', text('250-mail.example.test\r\n250-SIZE 1000000\r\n250 HELP\r\n')], ['>', line('MAIL FROM:<ann@example.test>')],
      ['<', line('250 ok')], ['>', line('RCPT TO:<bob@example.test>')], ['<', line('250 ok')], ['>', line('DATA')], ['<', line('354 go on')], ['>', text(mail)], ['>', text('.\r\n')], ['<', line('250 queued')], ['>', line('QUIT')],
      ['<', line('221 bye')],
    ],
  },
  { transport: 'tcp', port: 110, said: [['<', line('+OK ready')], ['>', line('USER ann')], ['<', line('+OK')], ['>', line('RETR 1')], ['<', line('+OK')], ['<', text(`${mail}.\r\n`)]] },
  {
    transport: 'tcp', port: 143, said: [
      ['<', line('* OK ready')], ['>', line('a1 LOGIN "ann" "secret"')], ['<', line('a1 OK LOGIN done')], ['>', line('a2 SELECT INBOX')], ['<', text('* 1 EXISTS\r\na2 OK SELECT done\r\n')], ['>', line('a3 FETCH 1 BODY[]')],
      ['<', text(`* 1 FETCH (BODY[] {${mail.length}}\r\n${mail})\r\na3 OK FETCH done\r\n`)],
    ],
  },
  { transport: 'tcp', port: 23, said: [['<', hex('fffd18fffd1f')], ['>', hex('fffb1ffffa1f00500018fff0')], ['<', text('login: ')], ['>', text('ann\r\n')]] },
  { transport: 'tcp', port: 6667, said: [['>', text('NICK ann\r\nUSER ann 0 * :Ann\r\n')], ['<', line(':irc.example.test 001 ann :Welcome')], ['>', line('PRIVMSG #room :hello there')]] },
  { transport: 'tcp', port: 43, end: true, said: [['>', line('example.test')], ['<', text('domain: example.test\r\nstatus: reserved\r\n')]] },
  {
    transport: 'tcp', port: 1883, said: [
      ['>', mqtt('10', counted('MQTT'), '04c2003c', counted('client-1'), counted('ann'), counted('secret'))], ['<', mqtt('20', '0000')], ['>', mqtt('82', '0001', counted('a/b'), '01')], ['<', mqtt('90', '000101')],
      ['>', join(mqtt('32', counted('a/b'), '0002', text('hello')), mqtt('c0'))], ['<', join(mqtt('40', '0002'), mqtt('d0'))],
    ],
  },
  {
    transport: 'tcp', port: 1883, said: [
      ['>', mqtt('10', counted('MQTT'), '0502003c', '05', '1100000e10', counted('five'))], ['<', mqtt('20', '000003', '210014')], ['>', mqtt('30', counted('t'), '03', '230005', text('x'))], ['>', mqtt('e0', '0400')],
    ],
  },
  { transport: 'tcp', port: 502, said: [['>', hex('000100000006 01 03 0010 0002')], ['<', hex('000100000007 01 03 04 000a 0102')], ['>', hex('000200000006 01 01 0000 0003')], ['<', hex('000200000004 01 01 01 05')], ['>', hex('000300000006 01 06 0001 0003')], ['<', hex('000300000003 01 86 02')]] },
  {
    transport: 'tcp', port: 20_000, said: [
      ['>', dnp3('c4', 10, 1, hex('c0 c1 01 3c0206 3c0306'))], ['<', dnp3('44', 1, 10, hex('c1 e1 81 0000 0102 00 00 01 81 01 1e02 00 03 04 01 1000 01 2000'))], ['>', dnp3('c4', 10, 1, hex('c1 c2 05 0c01 28 0100 0500 03 01 64000000 64000000 00'))],
    ],
  },
  { transport: 'tcp', port: 6379, said: [['>', text('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n')], ['<', text('$5\r\nvalue\r\n')], ['>', text('*1\r\n$4\r\nPING\r\n*1\r\n$6\r\nDBSIZE\r\n')], ['<', text('+PONG\r\n:3\r\n')], ['<', text('-ERR no\r\n')]] },
  {
    transport: 'tcp', port: 5432, said: [
      ['>', join(u32(32), '00030000', zero('user'), zero('ann'), zero('database'), zero('shop'), '00')], ['<', join(pg('R', '00000005', '01020304'))], ['>', pg('p', zero('md5deadbeef'))],
      ['<', join(pg('R', '00000000'), pg('S', zero('TimeZone'), zero('UTC')), pg('K', '0000002a', '00000539'), pg('Z', text('I')))], ['>', pg('Q', zero('SELECT 1 AS one'))],
      ['<', join(pg('T', '0001', zero('one'), '00000000 0000 00000017 0004 ffffffff 0000'), pg('D', '0001', '00000001', text('1')), pg('C', zero('SELECT 1')), pg('Z', text('I')))], ['>', pg('Q', zero('SELEC'))],
      ['<', join(pg('E', zero('SERROR'), zero('C42601'), zero('Msyntax error'), '00'), pg('Z', text('I')))], ['>', pg('X')],
    ],
  },
  {
    transport: 'tcp', port: 3306, said: [
      ['<', my(0, '0a', zero('8.0.1'), '07000000', zero('abcdefgh'), 'fff7', '21', '0200', '0f80', '15', '00000000000000000000', zero('ijklmnopqrst'), zero('mysql_native_password'))],
      ['>', my(1, '85a60f00', '00000001', '21', '00'.repeat(23), zero('ann'), '00', zero('mysql_native_password'))], ['<', my(2, '00 00 00 0200 0000')], ['>', my(0, '03', text('select 1'))],
      ['<', join(my(1, '01'), my(2, '03', text('def'), '00 00 00 01', text('1'), '00 0c 3f00 01000000 08 8100 00 0000'), my(3, 'fe 0000 0200'), my(4, '01', text('1')), my(5, 'fe 0000 0200'))], ['>', my(0, '03', text('selec'))],
      ['<', my(1, 'ff 2804', text('#42000'), text('syntax error'))], ['>', my(0, '01')],
    ],
  },
  {
    transport: 'tcp', port: 102, said: [
      ['>', tpkt('11 e0 0000 0001 00 c00109 c1020100 c2020102')], ['<', tpkt('11 d0 0001 0002 00 c00109 c1020100 c2020102')], ['>', tpkt('02f080', '32 01 0000 0001 0008 0000 f0 00 0001 0001 01e0')],
      ['<', tpkt('02f080', '32 03 0000 0001 0008 0000 00 00 f0 00 0001 0001 00f0')], ['>', tpkt('02f080', '32 01 0000 0002 000e 0000 04 01 12 0a 10 02 0004 0001 84 000008')],
      ['<', tpkt('02f080', '32 03 0000 0002 0002 0008 00 00 04 01 ff 04 0020 01020304')],
    ],
  },
  {
    transport: 'tcp', port: 44_818, said: [
      ['>', enip('6500', '00000000', '0100 0000')], ['<', enip('6500', '01000000', '0100 0000')], ['>', enip('6f00', '01000000', '00000000 0a00 0200 0000 0000 b200 0800', '0e 03 20 01 24 01 30 01')],
      ['<', enip('6f00', '01000000', '00000000 0000 0200 0000 0000 b200 0600', '8e 00 00 00 0100')],
    ],
  },
  { transport: 'udp', port: 47_808, said: [['>', hex('810b000c 0120ffff00ff 1008')], ['<', hex('810b0015 0100 1000 c402000007 22 01e0 91 00 21 0f')], ['>', hex('810a0011 0104 00 05 01 0c 0c 02000007 19 4d')]] },
  { transport: 'tcp', port: 1080, said: [['>', hex('05 01 00')], ['<', hex('05 00')], ['>', hex('05 01 00 03 0c 6578616d706c652e74657374 0050')], ['<', hex('05 00 00 01 c0000202 0050')]] },
  { transport: 'udp', port: 6881, said: [['>', text('d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe')], ['<', text('d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re')]] },
  { transport: 'tcp', port: 6881, said: [['>', join('13', text('BitTorrent protocol'), '0000000000100005', '11'.repeat(20), text('-WW0001-abcdefghijkl'))], ['<', join('13', text('BitTorrent protocol'), '0000000000000000', '11'.repeat(20), text('-WW0001-mnopqrstuvwx'), '00000002 05 ff')], ['>', hex('00000001 02 0000000d 06 00000000 00004000 00004000')]] },
  { transport: 'udp', port: 5683, said: [['>', hex('44 01 0001 01020304 b4 74656d70 04 726f6f6d')], ['<', join('64 45 0001 01020304 c0 ff', text('22.5'))]] },
  { transport: 'tcp', port: 2404, said: [['>', hex('68 04 07 00 00 00')], ['<', hex('68 04 0b 00 00 00')], ['<', hex('68 12 02 00 00 00 0d 01 03 00 01 00 0a0000 0000c841 00')]] },
  { transport: 'tcp', port: 13_400, said: [['>', hex('02fd 0005 00000007 0e80 00 00000000')], ['<', hex('02fd 0006 00000009 0e80 4010 10 00000000')]] },
  { transport: 'udp', port: 5094, said: [['>', hex('01 00 00 00 0001 000d 01 00007530')], ['<', hex('01 01 00 00 0001 000d 01 00007530')]] },
  { transport: 'tcp', port: 9418, said: [['>', text('0032git-upload-pack /a.git\0host=git.example.test\0\n0000')], ['<', text('000eversion 1\n0000')]] },
  { transport: 'udp', port: 25_826, said: [['>', join('0000 0009', zero('host'), '0008 000c 1a2b3c4d5e6f7080', '0002 0008', zero('cpu'), '0006 000f 0001 01 000000000000f03f')]] },
  { transport: 'udp', port: 9999, said: [['>', cipher('{"system":{"get_sysinfo":{}}}')]] },
  { transport: 'tcp', port: 9042, said: [['>', join('04 00 0000 05 00000000', '04 00 0001 07 00000013 0000000c', text('SELECT 1 + 1'), '000100')], ['<', hex('84 00 0000 06 00000002 0000')]] },
  { transport: 'udp', port: 8611, said: [['>', join(text('BJNP'), '01 01 00000001 0000 00000002 abcd')]] },
  { transport: 'udp', port: 2190, said: [['>', text('tivoconnect=1\nmethod=broadcast\nplatform=pc/example\nmachine=box\nidentity=1\nservices=x:80/http\nswversion=1\n')]] },
  { transport: 'udp', port: 9600, said: [['>', hex('80 00 02 00 01 00 00 02 00 05 0101 82 0064 00 0002')], ['<', hex('c0 00 02 00 02 00 00 01 00 05 0101 0000 1234 5678')]] },
  { transport: 'tcp', port: 4840, said: [['>', join(text('HELF'), '28000000 00000000 00000100 00000100 00000000 00000000 08000000', text('opc.tcp:'))], ['<', join(text('ACKF'), '1c000000 00000000 00000100 00000100 00000000 00000000')]] },
  { transport: 'udp', port: 7400, said: [['>', join(text('RTPS'), '0203 010f 0102030405060708090a0b0c 09 01 0800 0011223344556677')]] },
  { transport: 'udp', port: 27_036, said: [['>', hex('ffffffff214c5fa0 02000000 0801 02000000 0801')]] },
  { transport: 'tcp', port: 4662, said: [['>', hex('e3 02000000 01 10')]] },
  { transport: 'tcp', port: 6346, said: [['>', hex('000102030405060708090a0b0c0d0e0f 00 07 00 00000000')]] },
  { transport: 'tcp', port: 11_211, said: [['>', join('80 00 0001 00 00 0000 00000001 0000002a 0000000000000000', text('k'))], ['<', join('81 00 0000 04 00 0000 00000006 0000002a 0000000000000001 00000000', text('vv'))]] },
  { transport: 'tcp', port: 873, said: [['<', text('@RSYNCD: 31.0\n')], ['>', text('@RSYNCD: 31.0\n')], ['>', text('module\n')]] },
  { transport: 'udp', port: 525, said: [['>', join('18 01 0001 0a 00000000000000', zero('clock'))]] },
];
