import { u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { dhcpFields } from '../codecs/dhcp-fields.ts';
import { AT_CHADDR, AT_FILE, AT_HLEN, AT_HTYPE, AT_SECS, AT_SNAME, DHCP_COOKIE, DHCP_HEADER, looksLikeDhcp } from '../codecs/dhcp-message.ts';
import { DhcpOptions, putDhcpOptions } from '../codecs/dhcp-options.ts';
import { DhcpSession } from '../codecs/dhcp-session.ts';

const F = dhcpFields;
const ETHERNET = 1;

// What the options of the message at hand said; filled and read within one call.
const options = new DhcpOptions();

/** DHCP for IPv4, and BOOTP before it. */
const BOOTP_VENDOR = 64;

export const dhcp = defineDissector({
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  spec: ['RFC 951', 'RFC 2131', 'RFC 2132', 'RFC 4702'],
  over: { 'udp.port': [67, 68, 4011] },
  fields: dhcpFields,
  short: 'DHCP/BOOTP',
  column: (row) => (row.has(F.bootp) ? 'BOOTP' : 'DHCP'),
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < AT_SNAME) return p.tooShort(AT_SNAME);
    if (b[at] !== 1 && b[at] !== 2) return DECLINE;
    const hwLength = b[at + AT_HLEN];
    p.put(F.hwType, at + AT_HTYPE, 1);
    if (hwLength === 6 && b[at + AT_HTYPE] === ETHERNET) p.put(F.mac, at + AT_CHADDR, 6);
    else if (hwLength > 0) p.put(F.hwAddress, at + AT_CHADDR, Math.min(hwLength, 16));
    if (hwLength < 16) p.put(F.hwPadding, at + AT_CHADDR + hwLength, 16 - hwLength);
    if (end - at < DHCP_HEADER) return p.tooShort(DHCP_HEADER);
    // Some clients count in the byte order of their machine.
    if (b[at + AT_SECS] !== 0 && b[at + AT_SECS + 1] === 0) {
      p.putInt(F.secs, at + AT_SECS, 2, b[at + AT_SECS]);
      p.expert('note', 'protocol', 'dhcp.secs_le', at + AT_SECS, 2);
    } else p.put(F.secs, at + AT_SECS, 2);
    const hasCookie = end - at >= DHCP_HEADER + 4 && u32be(b, at + DHCP_HEADER) === DHCP_COOKIE;
    options.begin();
    const verdict = hasCookie ? putDhcpOptions(p, options, at, at + DHCP_HEADER + 4, end) : DONE;
    // The two names give their room to options where the message says so (RFC 2131 §4.1).
    if ((options.overload & 1) !== 0) {
      p.expert('note', 'protocol', 'dhcp.boot_filename_overloaded_by_dhcp', at + AT_FILE, 128);
      putDhcpOptions(p, options, at, at + AT_FILE, at + DHCP_HEADER);
    } else putTerminated(p, F.file, at + AT_FILE, 128);
    if ((options.overload & 2) !== 0) {
      p.expert('note', 'protocol', 'dhcp.server_name_overloaded_by_dhcp', at + AT_SNAME, 64);
      putDhcpOptions(p, options, at, at + AT_SNAME, at + AT_FILE);
    } else putTerminated(p, F.server, at + AT_SNAME, 64);
    if (end - at < DHCP_HEADER + 4) return end < p.wireEnd ? p.tooShort(DHCP_HEADER + 4) : DONE;
    // Without the cookie stands the vendor's area of BOOTP, 64 bytes always (RFC 951 §3).
    if (!hasCookie && end - at < DHCP_HEADER + BOOTP_VENDOR) return p.tooShort(DHCP_HEADER + BOOTP_VENDOR);
    if (hasCookie) p.put(F.cookie, at + DHCP_HEADER, 4);
    if (!options.hasMessage) p.putInt(F.bootp, at, 0, 1);
    return verdict;
  },
  sessions: [{
    service: 'dhcp',
    transport: 'udp',
    ports: [67, 68],
    recognise: (b, at, end) => (looksLikeDhcp(b, at, end) ? 'yes' : 'no'),
    create: () => new DhcpSession(),
  }],
  info: (row) => `DHCP ${row.text(F.message)} - Transaction ID ${row.text(F.id)}`,
});

/** Text up to its first NUL. */
function putTerminated(p: PacketView, f: Field, at: number, size: number): void {
  let n = 0;
  while (n < size && p.bytes[at + n] !== 0) n++;
  p.put(f, at, n);
}
export default dhcp;
