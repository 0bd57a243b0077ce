import { nodeHost } from '../../src/pipeline/node-host.ts';
import { loneContext } from '../../src/wire/session.ts';
import { TlsHello, readHello } from '../../src/wire/codecs/tls-hello.ts';
import { ja4 } from '../../src/wire/codecs/ja3-ja4.ts';
import { TlsSession, tlsSession } from '../../src/wire/codecs/tls-session.ts';
import { summariseCertificate } from '../../src/wire/codecs/x509.ts';

const ctx = loneContext(nodeHost);
const hello = new TlsHello();

/** Any bytes as records, hellos and certificates: read or refused, never an exception. */
export default {
  name: 'tls',
  run(bytes: Uint8Array): void {
    tlsSession.recognise!(bytes, 0, bytes.length, 0);
    for (const client of [true, false]) if (readHello(bytes, 0, bytes.length, client, hello)) ja4(bytes, hello, nodeHost, 't');
    summariseCertificate(bytes, 0, bytes.length, nodeHost);
    const framed = new Uint8Array(bytes.length + 5);
    framed.set([22, 3, 3, bytes.length >> 8, bytes.length & 255]);
    framed.set(bytes, 5);
    const session = new TlsSession();
    session.data(0, framed, 0, framed.length >> 1, ctx);
    session.data(0, framed, framed.length >> 1, framed.length, ctx);
    session.data(1, bytes, 0, bytes.length, ctx);
    session.end(ctx);
  },
};
