import { defineDissector } from '../define-dissector.ts';
import { dnsFields } from '../codecs/dns-fields.ts';
import { DNS_HEADER, looksLikeDns } from '../codecs/dns-message.ts';
import { putDnsMessage } from '../codecs/dns-put.ts';
import { DnsSession } from '../codecs/dns-session.ts';

/** Multicast DNS (RFC 6762): DNS messages whose class has a flag in its top bit. */
export const mdns = defineDissector({
  name: 'mdns',
  title: 'Multicast Domain Name System',
  spec: ['RFC 6762'],
  over: { 'udp.port': [5353] },
  fields: dnsFields,
  dissect(p, at, end) {
    return end - at < DNS_HEADER ? p.tooShort(DNS_HEADER) : putDnsMessage(p, at, end, 'mdns');
  },
  sessions: [
    {
      service: 'dns',
      transport: 'udp',
      ports: [5353],
      recognise: (b, at, end) => (looksLikeDns(b, at, end) ? 'yes' : 'no'),
      create: () => new DnsSession('udp'),
    },
  ],
});
export default mdns;
