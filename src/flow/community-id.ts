import { sha1OfBlock } from '../base/sha1.ts';
import { put16be, fromHex } from '../base/bytes.ts';
import { isIpv4, type IpHex } from '../base/ip.ts';
import { icmpAnswer } from './icmp-pairs.ts';

const ICMP = 1;
const ICMPV6 = 58;
/** Protocols whose ports are part of the id: ICMP, TCP, UDP, ICMPv6, SCTP. */
const WITH_PORTS = new Set([ICMP, 6, 17, ICMPV6, 132]);
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Community ID v1 of a flow: `1:` and the base64 of SHA-1 over seed, addresses, protocol and ports, the smaller endpoint first.
 *
 * For ICMP `srcPort` is the type; `dstPort` the code. Types that have an answer take the answer's type as the other port, so that
 * both directions give one id; the others keep type and code and are never swapped. Source: corelight/community-id-spec.
 */
export function communityId(src: IpHex, dst: IpHex, proto: number, srcPort: number, dstPort: number, seed = 0): string {
  const v4 = isIpv4(src) && isIpv4(dst);
  let a = v4 ? src.slice(24) : src as string;
  let b = v4 ? dst.slice(24) : dst as string;
  let aPort = srcPort;
  let bPort = dstPort;
  let oneWay = false;
  if (proto === ICMP || proto === ICMPV6) {
    const answer = icmpAnswer(proto, srcPort);
    oneWay = answer < 0;
    if (!oneWay) bPort = answer;
  }
  if (!oneWay && (a > b || (a === b && aPort > bPort))) {
    [a, b] = [b, a];
    [aPort, bPort] = [bPort, aPort];
  }
  const addressBytes = a.length / 2;
  const withPorts = WITH_PORTS.has(proto);
  const input = new Uint8Array(2 + 2 * addressBytes + 2 + (withPorts ? 4 : 0));
  put16be(input, 0, seed);
  input.set(fromHex(a + b) ?? [], 2);
  let at = 2 + 2 * addressBytes;
  input[at++] = proto;
  input[at++] = 0;
  if (withPorts) {
    put16be(input, at, aPort);
    put16be(input, at + 2, bPort);
  }
  return `1:${base64(sha1OfBlock(input))}`;
}

function base64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const v = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    out += BASE64[v >> 18] + BASE64[(v >> 12) & 63] + (left > 1 ? BASE64[(v >> 6) & 63] : '=') + (left > 2 ? BASE64[v & 63] : '=');
  }
  return out;
}
