import { u16be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { dnsFields } from '../codecs/dns-fields.ts';
import { DNS_HEADER, looksLikeDns } from '../codecs/dns-message.ts';
import { putDnsPairing } from '../codecs/dns-pairing.ts';
import { putDnsMessage } from '../codecs/dns-put.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { DnsSession } from '../codecs/dns-session.ts';

const F = dnsFields;
const TCP = 6;

/** DNS over UDP, and over TCP behind a length of two bytes (RFC 1035 §4.2). */
export const dns = defineDissector({
  name: 'dns',
  title: 'Domain Name System',
  spec: ['RFC 1035', 'RFC 2782', 'RFC 6891', 'RFC 9460'],
  over: { 'udp.port': [53], 'tcp.port': [53, 5353] },
  leastHead: 4,
  fields: dnsFields,
  stream: true,
  dissect(p, at, end) {
    // DNS over HTTPS has no length before the message (RFC 8484 §6).
    return p.ipProto === TCP && p.caller === 0 ? dissectStream(p, at, end) : dissectMessage(p, at, end);
  },
  sessions: [
    {
      service: 'dns',
      transport: 'udp',
      ports: [53],
      recognise: (b, at, end) => (looksLikeDns(b, at, end) ? 'yes' : 'no'),
      create: () => new DnsSession('udp'),
    },
    {
      service: 'dns',
      transport: 'tcp',
      ports: [53],
      recognise: recogniseStream,
      create: () => new DnsSession('tcp'),
    },
  ],
  info: (row) => `${row.num(F.response) !== 0 ? 'Standard query response' : 'Standard query'} ${row.text(F.id)} ${row.text(F.qryName)}`,
});

/** A length, and a message that looks like DNS within it. */
function recogniseStream(b: Uint8Array, at: number, end: number): 'yes' | 'no' | 'maybe' {
  if (end - at < 2 + DNS_HEADER) return 'maybe';
  const length = u16be(b, at);
  if (length < DNS_HEADER + 5) return 'no';
  if (end - at < 2 + length) return length <= 4096 ? 'maybe' : 'no';
  return looksLikeDns(b, at + 2, at + 2 + length) ? 'yes' : 'no';
}

function dissectStream(p: PacketView, at: number, end: number): number {
  if (end - at < 2) return p.more(2 - (end - at));
  const length = u16be(p.bytes, at);
  if (length < DNS_HEADER) return DECLINE;
  const next = at + 2 + length;
  const wait = wholePdu(p, at, next - at);
  if (wait !== DONE) return wait;
  p.put(F.length, at, 2);
  return dissectMessage(p, at + 2, Math.min(end, next));
}

function dissectMessage(p: PacketView, at: number, end: number): number {
  if (end - at < DNS_HEADER) return p.tooShort(DNS_HEADER);
  const verdict = putDnsMessage(p, at, end, 'dns');
  if (p.track && verdict === DONE) putDnsPairing(p, at);
  return verdict;
}
export default dns;
