import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { nodeHost } from '../../pipeline/node-host.ts';
import type { TlsRecord } from '../../model/index.ts';
import { runSession } from '../../../test/support/session-run.ts';
import { Fingerprinter, ja4 } from './ja3-ja4.ts';
import { TlsHello, isGrease, readHello } from './tls-hello.ts';
import { TlsSession, tlsSession } from './tls-session.ts';

const u16 = (v: number): number[] => [v >> 8, v & 255];
const ext = (type: number, data: number[]): number[] => [...u16(type), ...u16(data.length), ...data];
const text = (s: string): number[] => [...Buffer.from(s, 'latin1')];

interface Offer { random?: number; alpn?: string; ciphers?: number[]; sni?: string }

/** Body of a ClientHello with GREASE in each list. */
function clientHello({ random = 1, alpn = 'h2', ciphers = [0x0a0a, 0x1301, 0xc02f, 0x002f], sni = 'host.test' }: Offer = {}): number[] {
  const extensions = [
    ...ext(0x2a2a, []),
    ...(sni === '' ? [] : ext(0, [...u16(sni.length + 3), 0, ...u16(sni.length), ...text(sni)])),
    ...ext(10, [...u16(4), ...u16(0x3a3a), ...u16(29)]),
    ...ext(11, [1, 0]),
    ...ext(13, [...u16(4), ...u16(0x0403), ...u16(0x0804)]),
    ...ext(16, [...u16(alpn.length + 1), alpn.length, ...text(alpn)]),
    ...ext(43, [4, ...u16(0x4a4a), ...u16(0x0304)]),
  ];
  return [3, 3, ...Array<number>(32).fill(random), 0, ...u16(2 * ciphers.length), ...ciphers.flatMap(u16), 1, 0, ...u16(extensions.length), ...extensions];
}

const handshake = (type: number, body: number[]): number[] => [type, 0, ...u16(body.length), ...body];
const record = (type: number, body: number[]): number[] => [type, 3, 3, ...u16(body.length), ...body];
const SERVER_HELLO = [3, 3, ...Array<number>(32).fill(2), 0, ...u16(0x1301), 0, ...u16(6), ...ext(43, u16(0x0304))];

function read(body: number[]): [Uint8Array, TlsHello] {
  const hello = new TlsHello();
  const b = Uint8Array.from(body);
  assert.equal(readHello(b, 0, b.length, true, hello), true);
  return [b, hello];
}

test('JA3 and JA4 follow their specifications: GREASE out, lists in order or sorted, counts and names in the head', () => {
  const [b, hello] = read(clientHello());
  const print = new Fingerprinter().client(b, hello, nodeHost);
  assert.equal(print.ja3Full, '771,4865-49199-47,0-10-11-13-16-43,29,0');
  assert.equal(print.ja3, createHash('md5').update(print.ja3Full).digest('hex'));
  const sha = (s: string): string => createHash('sha256').update(s).digest('hex').slice(0, 12);
  assert.equal(print.ja4, `t13d0306h2_${sha('002f,1301,c02f')}_${sha('000a,000b,000d,002b_0403,0804')}`);
});

test('JA4 writes i without a name, hex digits for an ALPN that is not alphanumeric, and q for QUIC', () => {
  const [b, hello] = read(clientHello({ sni: '', alpn: '\xabx\xcd' }));
  assert.match(ja4(b, hello, nodeHost, 'q'), /^q13i0305ad_/);
  assert.ok(isGrease(0x0a0a) && isGrease(0xfafa) && !isGrease(0x0a1a) && !isGrease(0x1301));
});

test('a fingerprint is remembered by what it depends on: random bytes and names do not matter, ciphers do', () => {
  const prints = new Fingerprinter();
  const of = (offer: Offer): unknown => {
    const [b, hello] = read(clientHello(offer));
    return prints.client(b, hello, nodeHost);
  };
  assert.equal(of({ random: 1, sni: 'a.test' }), of({ random: 2, sni: 'other.test' }), 'the same object comes back');
  assert.notDeepEqual(of({}), of({ ciphers: [0x1301] }));
  assert.notDeepEqual(of({ alpn: 'h2' }), of({ alpn: 'h3' }));
});

test('a handshake is one record, however records and segments are cut', () => {
  const hello = handshake(1, clientHello());
  const whole = record(22, hello);
  const split = [...record(22, hello.slice(0, 50)), ...record(22, hello.slice(50))];
  for (const client of [whole, split]) {
    for (let cut = 1; cut < client.length; cut += 7) {
      const run = runSession(new TlsSession());
      run.data(0, Uint8Array.from(client.slice(0, cut)));
      run.data(0, Uint8Array.from(client.slice(cut)));
      run.data(1, Uint8Array.from([...record(22, handshake(2, SERVER_HELLO)), ...record(20, [1]), ...record(23, Array<number>(40).fill(9))]));
      run.data(0, Uint8Array.from([...record(20, [1]), ...record(23, Array<number>(40).fill(9))]));
      run.end();
      assert.equal(run.records.length, 1);
      const r = run.records[0] as unknown as TlsRecord;
      assert.deepEqual([r.version, r.cipher, r.serverName, r.alpn, r.established, r.resumed], ['TLSv1.3', 0x1301, 'host.test', ['h2'], true, false]);
      assert.equal(r.serverHelloFrame, 3);
    }
  }
});

test('an alert that ends a handshake is in its record; nothing is established', () => {
  const run = runSession(new TlsSession());
  run.data(0, Uint8Array.from(record(22, handshake(1, clientHello()))));
  run.data(1, Uint8Array.from(record(21, [2, 40])));
  run.end();
  const r = run.records[0] as unknown as TlsRecord;
  assert.deepEqual([r.lastAlert, r.established, r.cipher, r.version], ['handshake_failure', false, null, 'TLSv1.3']);
});

test('TLS is recognised by its first hello on any port, and other bytes are not', () => {
  const ask = (b: number[]): string => tlsSession.recognise!(Uint8Array.from(b), 0, b.length, 0);
  assert.equal(ask(record(22, handshake(1, clientHello()))), 'yes');
  assert.equal(ask([22, 3]), 'maybe');
  for (const no of [text('GET / HTTP/1.1'), [22, 9, 9, 0, 5, 1, 0], record(23, [1, 2, 3]), [0x16, 3, 1, 0xff, 0xff, 1]]) assert.equal(ask(no), 'no');
});
