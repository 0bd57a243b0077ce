import { DONE } from '../packet-view.ts';
import { defineDissector } from '../define-dissector.ts';
import { dnsFields } from '../codecs/dns-fields.ts';
import { DNS_HEADER, looksLikeDns } from '../codecs/dns-message.ts';
import { putDnsPairing } from '../codecs/dns-pairing.ts';
import { putDnsMessage } from '../codecs/dns-put.ts';
import { DnsSession } from '../codecs/dns-session.ts';

/** Link-Local Multicast Name Resolution (RFC 4795): the DNS format with two flags of its own. */
export const llmnr = defineDissector({
  name: 'llmnr',
  title: 'Link-local Multicast Name Resolution',
  spec: ['RFC 4795'],
  over: { 'udp.port': [5355] },
  fields: dnsFields,
  dissect(p, at, end) {
    if (end - at < DNS_HEADER) return p.tooShort(DNS_HEADER);
    const verdict = putDnsMessage(p, at, end, 'llmnr');
    if (p.track && verdict === DONE) putDnsPairing(p, at);
    return verdict;
  },
  sessions: [
    {
      service: 'dns',
      transport: 'udp',
      ports: [5355],
      recognise: (b, at, end) => (looksLikeDns(b, at, end) ? 'yes' : 'no'),
      create: () => new DnsSession('udp'),
    },
  ],
});
export default llmnr;
