import { nodeHost } from '../../src/pipeline/node-host.ts';
import { loneContext } from '../../src/wire/session.ts';
import { decodeHttp } from '../../src/flow/follow-http.ts';
import { HttpSession, httpSession } from '../../src/wire/codecs/http-session.ts';

const ctx = loneContext(nodeHost);
const REQUEST = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n');
const RESPONSE = new TextEncoder().encode('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n');

/** Any bytes as requests, responses and chunked bodies, cut anywhere: read or refused, never an exception. */
export default {
  name: 'http',
  run(bytes: Uint8Array): void {
    httpSession.recognise!(bytes, 0, bytes.length, 0);
    const cut = bytes.length >> 1;
    const plain = new HttpSession();
    plain.data(0, bytes, 0, cut, ctx);
    plain.data(1, bytes, cut, bytes.length, ctx);
    plain.gap(1, 7, ctx);
    plain.data(0, bytes, cut, bytes.length, ctx);
    plain.end(ctx);
    const body = new HttpSession();
    body.data(0, REQUEST, 0, REQUEST.length, ctx);
    body.data(1, RESPONSE, 0, RESPONSE.length, ctx);
    body.data(1, bytes, 0, cut, ctx);
    body.data(1, bytes, cut, bytes.length, ctx);
    body.end(ctx);
    const whole = new Uint8Array(RESPONSE.length + bytes.length);
    whole.set(RESPONSE);
    whole.set(bytes, RESPONSE.length);
    decodeHttp(whole, nodeHost);
  },
};
