import { layout, putLayout } from '../layout.ts';
import { putPadded } from '../padded.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { icmpv6Fields as F } from './icmpv6-fields.ts';

// Option types (IANA "IPv6 Neighbor Discovery Option Formats").
const SOURCE = 1;
const TARGET = 2;
const PREFIX = 3;
const REDIRECTED = 4;
const MTU = 5;
const ADVERTISEMENT_INTERVAL = 7;
const HOME_AGENT = 8;
const NONCE = 14;
const ROUTE = 24;
const RDNSS = 25;
const DNSSL = 31;
const CAPTIVE_PORTAL = 37;
const PREF64 = 38;

const PREFIX_PART = layout({
  2: F.prefixLength, 3: [F.prefixFlags, F.onLink, F.autonomous, F.prefixRouter, F.prefixReserved], 4: F.validLifetime, 8: F.preferredLifetime,
  12: [[F.optReserved, 4]], 16: F.prefix,
});
const MTU_PART = layout({ 2: [[F.optReserved, 2]], 4: F.optMtu });
const RDNSS_PART = layout({ 2: [[F.optReserved, 2]], 4: F.rdnssLifetime });
const DNSSL_PART = layout({ 2: [[F.optReserved, 2]], 4: F.dnsslLifetime });
const ROUTE_PART = layout({ 2: F.prefixLength, 3: [F.routeFlags, F.routePreference, F.routeReserved], 4: F.routeLifetime });
const HOME_AGENT_PART = layout({ 2: [[F.optReserved, 2]], 4: F.homeAgentPreference, 6: F.homeAgentLifetime });
const INTERVAL_PART = layout({ 2: [[F.optReserved, 2]], 4: F.advertisementInterval });
const PREF64_PART = layout({ 2: [F.pref64Lifetime, F.pref64Plc] });

/** Options of neighbour discovery (RFC 4861 §4.6): type, length in units of eight bytes, value. */
export function readOptions(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at; i < end;) {
    if (i + 2 > end) return p.tooShort(i + 2 - p.l4At);
    const len = 8 * b[i + 1];
    if (len === 0 || i + len > end) return p.tooShort(i + Math.max(len, 8) - p.l4At);
    p.open(F.option, i);
    p.put(F.optType, i, 1);
    p.put(F.optLength, i + 1, 1);
    putOption(p, b[i], i, i + len);
    p.close(i + len);
    i += len;
  }
  return DONE;
}

function putOption(p: PacketView, type: number, at: number, end: number): void {
  const len = end - at;
  switch (type) {
    case SOURCE: case TARGET:
      p.put(F.linkAddress, at + 2, len === 8 ? 6 : len - 2);
      p.put(type === SOURCE ? F.sourceLink : F.targetLink, at + 2, len === 8 ? 6 : len - 2);
      return;
    case PREFIX: if (len === 32) putLayout(p, PREFIX_PART, at, end); return;
    case REDIRECTED:
      p.put(F.optReserved, at + 2, 6);
      p.put(F.redirectedPacket, at + 8, len - 8);
      return;
    case MTU: if (len === 8) putLayout(p, MTU_PART, at, end); return;
    case ADVERTISEMENT_INTERVAL: putLayout(p, INTERVAL_PART, at, end); return;
    case HOME_AGENT: putLayout(p, HOME_AGENT_PART, at, end); return;
    case NONCE: p.put(F.optNonce, at + 2, len - 2); return;
    case ROUTE:
      putLayout(p, ROUTE_PART, at, end);
      putPadded(p, F.prefix, at + 8, len - 8, 16);
      return;
    case RDNSS:
      putLayout(p, RDNSS_PART, at, end);
      for (let k = at + 8; k + 16 <= end; k += 16) p.put(F.rdnss, k, 16);
      return;
    case DNSSL:
      putLayout(p, DNSSL_PART, at, end);
      putNames(p, at + 8, end);
      return;
    case CAPTIVE_PORTAL: p.put(F.captivePortal, at + 2, len - 2); return;
    case PREF64:
      putLayout(p, PREF64_PART, at, end);
      if (len === 16) putPadded(p, F.pref64Prefix, at + 4, 12, 16);
      return;
    default:
  }
}

/** Domain names one after the other, filled up with zeros (RFC 8106 §5.2). */
function putNames(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end && b[i] !== 0;) {
    const from = i;
    let text = '';
    while (i < end && b[i] !== 0) {
      if (p.wants(F.dnssl)) text += `${text === '' ? '' : '.'}${p.host.utf8(b, i + 1, Math.min(end, i + 1 + b[i]))}`;
      i += 1 + b[i];
    }
    i = Math.min(end, i + 1);
    if (p.wants(F.dnssl)) p.putText(F.dnssl, from, i - from, text);
  }
}
