import { putDhcpv6Options } from '../codecs/dhcpv6-options.ts';
import { DHCPV6_MESSAGES, dhcpv6Fields } from '../codecs/dhcpv6-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';

const HEADER_LEN = 4;
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;

const F = dhcpv6Fields;
const RELAY = layout({ 1: F.hopcount, 2: F.linkaddr, 18: F.peeraddr });

export const dhcpv6 = defineDissector({
  name: 'dhcpv6',
  title: 'DHCPv6',
  short: 'DHCPv6',
  spec: ['RFC 8415 §8'],
  over: { 'udp.port': [546, 547] },
  fields: dhcpv6Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const type = p.bytes[at];
    p.put(F.msgtype, at, 1);
    if (type === RELAY_FORWARD || type === RELAY_REPLY) {
      if (!putLayout(p, RELAY, at, end)) return p.tooShort(RELAY.length);
      return putDhcpv6Options(p, at, at + RELAY.length, end, 0);
    }
    p.put(F.xid, at + 1, 3);
    return putDhcpv6Options(p, at, at + HEADER_LEN, end, 0);
  },
  info: (row) => (DHCPV6_MESSAGES as Readonly<Record<number, string>>)[row.num(F.msgtype)] ?? 'Unknown',
});
export default dhcpv6;
