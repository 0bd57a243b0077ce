import { nodeHost } from '../../src/pipeline/node-host.ts';
import { loneContext } from '../../src/wire/session.ts';
import { looksLikeDns } from '../../src/wire/codecs/dns-message.ts';
import { DnsSession } from '../../src/wire/codecs/dns-session.ts';

const ctx = loneContext(nodeHost);

/** Any bytes as DNS messages, in datagrams and in a stream: read or refused, never an exception. */
export default {
  name: 'dns',
  run(bytes: Uint8Array): void {
    looksLikeDns(bytes, 0, bytes.length);
    for (const transport of ['udp', 'tcp'] as const) {
      const session = new DnsSession(transport);
      session.data(0, bytes, 0, bytes.length >> 1, ctx);
      session.data(1, bytes, bytes.length >> 1, bytes.length, ctx);
      session.data(1, bytes, 0, bytes.length, ctx);
      session.end(ctx);
    }
  },
};
