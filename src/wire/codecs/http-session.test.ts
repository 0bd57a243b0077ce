import assert from 'node:assert/strict';
import test from 'node:test';
import type { HttpRecord } from '../../model/index.ts';
import { runSession } from '../../../test/support/session-run.ts';
import { HttpSession, httpSession } from './http-session.ts';

const short = (r: unknown): unknown[] => {
  const h = r as HttpRecord;
  return [h.transDepth, h.method, h.uri, h.statusCode, h.requestBodyBytes, h.responseBodyBytes, h.complete];
};

test('a response over several segments is one transaction, whatever the cuts', () => {
  const request = 'GET /a HTTP/1.1\r\nHost: web.test\r\nUser-Agent: t\r\n\r\n';
  const response = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789';
  const seen = new Set<string>();
  for (let cut = 1; cut < response.length; cut++) {
    const run = runSession(new HttpSession());
    run.data(0, request);
    run.data(1, response.slice(0, cut));
    run.data(1, response.slice(cut));
    run.end();
    assert.equal(run.records.length, 1);
    assert.deepEqual(short(run.records[0]), [1, 'GET', '/a', 200, 0, 10, true]);
    const r = run.records[0] as unknown as HttpRecord;
    assert.deepEqual([r.host, r.userAgent, r.contentType, r.requestFrame, r.responseFrame, r.lastFrame, r.responseTime], ['web.test', 't', 'text/plain', 1, 2, 3, 1_000_000n]);
    seen.add(JSON.stringify(r, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));
  }
  assert.equal(seen.size, 1, 'the record does not depend on where the segments were cut');
});

test('pipelined requests meet their responses in order; interim responses leave the request waiting', () => {
  const run = runSession(new HttpSession());
  run.data(0, 'GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nPOST /3 HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n');
  run.data(1, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n');
  run.data(0, 'abc');
  run.data(1, 'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n');
  run.end();
  assert.deepEqual(run.records.map(short), [
    [1, 'GET', '/1', 200, 0, 2, true],
    [2, 'HEAD', '/2', 200, 0, 0, true],
    [3, 'POST', '/3', 201, 3, 5, true],
  ]);
});

test('a body without a length ends with the connection; one that is cut short is not complete', () => {
  const open = runSession(new HttpSession());
  open.data(0, 'GET / HTTP/1.0\r\n\r\n');
  open.data(1, 'HTTP/1.0 200 OK\r\n\r\nabc');
  open.data(1, 'def');
  open.end();
  assert.deepEqual(open.records.map(short), [[1, 'GET', '/', 200, 0, 6, true]]);
  const cut = runSession(new HttpSession());
  cut.data(0, 'GET / HTTP/1.1\r\n\r\n');
  cut.data(1, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
  cut.end();
  assert.deepEqual(cut.records.map(short), [[1, 'GET', '/', 200, 0, 3, false]]);
  const asked = runSession(new HttpSession());
  asked.data(0, 'GET / HTTP/1.1\r\n\r\n');
  asked.end();
  assert.deepEqual(asked.records.map(short), [[1, 'GET', '/', null, 0, 0, false]]);
});

test('a gap within a body is counted over and marks the transaction; after one within a head the next message is found', () => {
  const run = runSession(new HttpSession());
  run.data(0, 'GET /1 HTTP/1.1\r\n\r\n');
  run.data(1, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab');
  run.gap(1, 6);
  run.data(1, 'ij');
  run.data(0, 'GET /2 HTTP/1.1\r\n\r\n');
  run.data(1, 'HTTP/1.1 204 No Content\r\n\r\n');
  run.end();
  assert.deepEqual(run.records.map(short), [[1, 'GET', '/1', 200, 0, 10, false], [2, 'GET', '/2', 204, 0, 0, true]]);
});

test('CONNECT and Upgrade hand the connection over', () => {
  const tunnel = runSession(new HttpSession());
  tunnel.data(0, 'CONNECT host.test:443 HTTP/1.1\r\n\r\n');
  tunnel.data(1, 'HTTP/1.1 200 Connection established\r\n\r\n');
  tunnel.data(0, 'GET /not-http HTTP/1.1\r\n\r\n');
  tunnel.end();
  assert.deepEqual(tunnel.became, ['tunnel']);
  assert.equal(tunnel.records.length, 1);
});

test('a head beyond 64 KiB is an anomaly, not memory', () => {
  const run = runSession(new HttpSession());
  run.data(0, `GET / HTTP/1.1\r\nX: ${'a'.repeat(70_000)}`);
  for (let i = 0; i < 20; i++) run.data(0, 'a'.repeat(1000));
  assert.ok(run.anomalies.includes('http_not_a_message') || run.anomalies.includes('http_head_too_long'));
  assert.equal(run.records.length, 0);
});

test('HTTP is recognised by its first line on any port, and nothing else is', () => {
  const ask = (text: string): string => {
    const b = Uint8Array.from(Buffer.from(text, 'latin1'));
    return httpSession.recognise!(b, 0, b.length, 0);
  };
  assert.equal(ask('GET / HTTP/1.1\r\n'), 'yes');
  assert.equal(ask('HTTP/1.1 200 OK\r\n'), 'yes');
  assert.equal(ask('GE'), 'maybe');
  assert.equal(ask('GET /long'), 'maybe');
  for (const no of ['EHLO x\r\n', 'SSH-2.0-x\r\n', '\x16\x03\x01\x02\x00', 'GETTING there\r\n', 'get / http/1.1\r\n']) assert.equal(ask(no), 'no', no);
});
