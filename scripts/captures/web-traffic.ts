// The conversations of test/golden/web, both ends in one process: `node web-traffic.ts SCRATCH KEYLOG` inside the namespace of web.ts.
import { spawn } from 'node:child_process';
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import tls from 'node:tls';

const [scratch, keyLog] = process.argv.slice(2);
const CLIENT = '192.0.2.1';
const SERVER = '192.0.2.2';
const key = readFileSync(`${scratch}/key.pem`);
const cert = readFileSync(`${scratch}/cert.pem`);
const log = (line: Buffer): void => appendFileSync(keyLog, line);
const listening = (server: net.Server, port: number): Promise<void> => new Promise((resolve) => void server.listen(port, SERVER, resolve));

/** A request over HTTP/1, and its whole answer. */
function ask(options: http.RequestOptions, body = ''): Promise<void> {
  return new Promise((resolve) => {
    const request = http.request({ host: SERVER, localAddress: CLIENT, port: 80, agent: false, ...options }, (response) => response.resume().on('end', resolve));
    request.end(body);
  });
}

async function plainHttp(): Promise<void> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/image') response.writeHead(200, { 'content-type': 'image/gif' }).end(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'));
      else if (request.url === '/xml') response.writeHead(200, { 'content-type': 'text/html' }).end('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">\n<body>text</body>\n</html>\n');
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":[1,true,null]}');
    });
  });
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.write(Buffer.concat([Buffer.from([0x01, 3]), Buffer.from('hel'), Buffer.from([0x80, 2]), Buffer.from('lo')]));
    socket.write(Buffer.from([0x89, 1, 0x70]));
    socket.write(Buffer.from([0x88, 2, 0x03, 0xe8]));
    socket.on('data', () => undefined).on('error', () => undefined);
  });
  server.on('connect', (_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.on('data', () => socket.end()).on('error', () => undefined);
  });
  await listening(server, 80);
  await ask({ method: 'POST', path: '/form', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 'name=J%C3%BCrgen+K&empty=');
  await ask({ method: 'POST', path: '/parts', headers: { 'content-type': 'multipart/form-data; boundary=xyz' } },
    '--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--xyz\r\nContent-Disposition: form-data; name="f"; filename="t.txt"\r\nContent-Type: text/plain\r\n\r\ntwo\r\n--xyz--\r\n');
  await ask({ path: '/image' });
  await ask({ path: '/xml' });
  await new Promise<void>((resolve) => {
    const socket = net.connect({ host: SERVER, port: 80, localAddress: CLIENT }, () => socket.write('CONNECT web.test:443 HTTP/1.1\r\nHost: web.test:443\r\n\r\n'));
    socket.once('data', () => socket.write(tlsRecords)).on('close', resolve);
  });
  const socket = new WebSocket(`ws://${SERVER}/chat`);
  socket.addEventListener('open', () => socket.send('masked'));
  await wait(600);
  server.closeAllConnections();
  server.close();
}

async function plainHttp2(): Promise<void> {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain', server: 'golden' });
    stream.write(`you asked for ${headers[':path']}`);
    stream.end(', and this is it');
  });
  await listening(server as unknown as net.Server, 80);
  const session = http2.connect(`http://${SERVER}`, { createConnection: () => net.connect({ host: SERVER, port: 80, localAddress: CLIENT }) });
  for (const path of ['/first', '/second']) {
    await new Promise<void>((resolve) => void session.request({ ':path': path, 'user-agent': 'golden/1', cookie: 'a=b' }).resume().on('end', resolve));
  }
  session.close();
  await wait(200);
  server.close();
}

/** TLS with HTTP/2 inside (1.3) and HTTP/1 inside (1.2), secrets kept. */
async function encrypted(): Promise<void> {
  for (const [version, alpn, port] of [['TLSv1.3', 'h2', 443], ['TLSv1.2', 'http/1.1', 443]] as const) {
    const server = http2.createSecureServer({ key, cert, allowHTTP1: true, minVersion: version, maxVersion: version, ALPNProtocols: [alpn] }, (request, response) => {
      void request;
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('hidden from whoever has no key');
    });
    await listening(server as unknown as net.Server, port);
    const socket = tls.connect({ host: SERVER, port, localAddress: CLIENT, servername: 'web.test', rejectUnauthorized: false, ALPNProtocols: [alpn] } as tls.ConnectionOptions);
    socket.on('keylog', log);
    await new Promise<void>((resolve) => void socket.once('secureConnect', resolve));
    if (alpn === 'h2') {
      const session = http2.connect(`https://web.test`, { createConnection: () => socket });
      await new Promise<void>((resolve) => void session.request({ ':path': '/secret' }).resume().on('end', resolve));
      session.close();
    } else {
      socket.write('GET /secret HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n');
      await new Promise<void>((resolve) => void socket.resume().once('end', resolve));
      socket.end();
    }
    await wait(300);
    server.close();
  }
}

/** A shell's greeting and offer; the client gives up. */
async function shell(): Promise<void> {
  const lists = ['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', ''];
  const text = (s: string): Buffer => Buffer.concat([u32(s.length), Buffer.from(s)]);
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...lists.map(text), Buffer.alloc(5)]);
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  const server = net.createServer((socket) => {
    socket.write('SSH-2.0-Golden_1.0 of a test\r\n');
    // tshark reads an offer that comes before the other end's version as encrypted.
    socket.once('data', () => socket.write(Buffer.concat([u32(payload.length + padding + 1), Buffer.from([padding]), payload, Buffer.alloc(padding)])));
    socket.on('data', () => undefined).on('error', () => undefined);
    setTimeout(() => socket.destroy(), 1500);
  });
  await listening(server, 22);
  const client = spawn('ssh', ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-b', CLIENT, `nobody@${SERVER}`, 'true'], { stdio: 'ignore' });
  await new Promise((resolve) => void client.on('exit', resolve));
  server.close();
}

const u16 = (v: number): Buffer => Buffer.from([v >> 8, v & 255]);
const u32 = (v: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(v);
  return b;
};

/** What a TLS client sends first, as records. */
const tlsRecords = await new Promise<Buffer>((resolve) => {
  const server = net.createServer((socket) => {
    socket.once('data', (data) => {
      resolve(data);
      socket.destroy();
      server.close();
    });
  });
  server.listen(0, '127.0.0.1', () => tls.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', servername: 'quic.test', ALPNProtocols: ['h3'], minVersion: 'TLSv1.3' }).on('error', () => undefined));
});

/** A client's Initial packet of QUIC (RFC 9001 §5): the hello in two CRYPTO frames, the second one first. */
function initial(version: number, salt: string, prefix: string, type: number, dcid: Buffer): Buffer {
  const hmac = (k: Buffer, ...parts: Buffer[]): Buffer => createHmac('sha256', k).update(Buffer.concat(parts)).digest();
  const label = (secret: Buffer, name: string, length: number): Buffer => {
    const full = Buffer.from(`tls13 ${name}`);
    return hmac(secret, u16(length), Buffer.from([full.length]), full, Buffer.from([0, 1])).subarray(0, length);
  };
  const secret = label(hmac(Buffer.from(salt, 'hex'), dcid), 'client in', 32);
  const [packetKey, iv, hp] = [label(secret, `${prefix} key`, 16), label(secret, `${prefix} iv`, 12), label(secret, `${prefix} hp`, 16)];
  const hello = tlsRecords.subarray(5);
  const half = hello.length >> 1;
  const crypto = (at: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([6]), u16(0x4000 | at), u16(0x4000 | bytes.length), bytes]);
  let frames = Buffer.concat([crypto(half, hello.subarray(half)), Buffer.from([1]), crypto(0, hello.subarray(0, half))]);
  frames = Buffer.concat([frames, Buffer.alloc(Math.max(0, 1162 - frames.length))]);
  const head = Buffer.concat([Buffer.from([0xc0 | (type << 4) | 1]), u32(version), Buffer.from([dcid.length]), dcid, Buffer.from([4]), Buffer.from('c0ffee00', 'hex'), Buffer.from([0]), u16(0x4000 | (frames.length + 2 + 16)), u16(0)]);
  const cipher = createCipheriv('aes-128-gcm', packetKey, iv).setAAD(head);
  const sealed = Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', hp, null).update(sealed.subarray(2, 18));
  const masked = Buffer.from(head);
  masked[0] ^= mask[0] & 0x0f;
  masked[masked.length - 2] ^= mask[1];
  masked[masked.length - 1] ^= mask[2];
  return Buffer.concat([masked, sealed]);
}

const SDP = `v=0\r\no=alice 1 1 IN IP4 ${CLIENT}\r\ns=-\r\nc=IN IP4 ${CLIENT}\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n`;
const VIA = `Via: SIP/2.0/UDP ${CLIENT}:5060;branch=z9hG4bK1\r\nFrom: "Alice" <sip:alice@example.test>;tag=1\r\nTo: <sip:bob@example.test>\r\nCall-ID: 1@example.test\r\nCSeq: 1 INVITE\r\n`;

async function datagrams(): Promise<void> {
  const send = async (from: number, to: number, message: Buffer | string, back = false): Promise<void> => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => void socket.bind(from, back ? SERVER : CLIENT, resolve));
    await new Promise<void>((resolve) => {
      socket.send(message, to, back ? CLIENT : SERVER, () => resolve());
    });
    await new Promise<void>((resolve) => void socket.close(resolve));
  };
  // Somebody must listen, or the kernel's refusals quote everything.
  const sinks = [[443, SERVER], [5060, SERVER], [5060, CLIENT], [7000, SERVER], [7001, SERVER], [6000, CLIENT], [3478, SERVER], [40_003, CLIENT]].map(([port, address]) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('error', () => undefined);
    return [socket, port as number, address as string] as const;
  });
  for (const [socket, port, address] of sinks) if (address === SERVER) socket.bind(port, address);
  await send(40_001, 443, initial(1, '38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'quic', 0, Buffer.from('1122334455667788', 'hex')));
  await send(40_002, 443, initial(0x6b3343cf, '0dede3def700a6db819381be6e269dcbf9bd2ed9', 'quicv2', 1, Buffer.from('8877665544332211', 'hex')));
  await send(5060, 5060, `INVITE sip:bob@example.test SIP/2.0\r\n${VIA}Max-Forwards: 70\r\nContact: <sip:alice@${CLIENT}>\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`);
  const rtp = (type: number, sequence: number, payload: Buffer): Buffer => Buffer.concat([Buffer.from([0x80, type]), u16(sequence), u32(160 * sequence), u32(0xdecafbad), payload]);
  await send(6000, 7000, rtp(0, 1, Buffer.alloc(160, 0xff)));
  await send(6000, 7000, rtp(101, 2, Buffer.from([5, 0x8a, 0, 160])));
  const report = Buffer.concat([Buffer.from([0x80, 200]), u16(6), u32(0xdecafbad), u32(3_900_000_000), u32(0x80000000), u32(320), u32(2), u32(320), Buffer.from([0x81, 202]), u16(3), u32(0xdecafbad), Buffer.from([1, 5]), Buffer.from('alice'), Buffer.from([0])]);
  await send(6001, 7001, report);
  const binding = Buffer.concat([u16(1), u16(0), u32(0x2112a442), Buffer.from('transaction1')]);
  await send(40_003, 3478, binding);
  const mapped = Buffer.concat([u16(0x20), u16(8), Buffer.from([0, 1]), u16(40_003 ^ 0x2112), u32((0xc0000201 ^ 0x2112a442) >>> 0)]);
  for (const [socket] of sinks) try { socket.close(); } catch { /* never bound */ }
  const receiver = createSocket('udp4');
  await new Promise<void>((resolve) => void receiver.bind(40_003, CLIENT, resolve));
  await send(3478, 40_003, Buffer.concat([u16(0x101), u16(mapped.length), u32(0x2112a442), Buffer.from('transaction1'), mapped]), true);
  receiver.close();
}

await plainHttp();
await plainHttp2();
await encrypted();
await datagrams();
await shell();
process.exit(0); // a WebSocket may still wait for its close
