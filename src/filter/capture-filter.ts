import type { Operand, Test } from './typed.ts';

/**
 * What libpcap can decide of a display filter, as a capture filter for an Ethernet interface: it passes every packet that the
 * display filter takes, and with a packet all of its conversation, so that stream numbers, pairs and retransmissions stay right
 * for what passes. The display filter itself runs on what passes. Empty where nothing can be decided.
 *
 * Packets whose inside libpcap does not see (tags, tunnels, fragments, quoted packets) always pass; `tunnelPorts` are the UDP and
 * TCP ports under which packets travel.
 */
export function captureFilterFor(test: Test, tunnelPorts: readonly number[]): string {
  const bound = upper(test);
  if (bound === true) return '';
  const ports = tunnelPorts.map((n) => `port ${n}`);
  const opaque = [...OPAQUE, ...ports].map((c) => `(${c})`).join(' or ');
  return bound === false ? opaque : `${opaque} or (${bound})`;
}

/** Whatever is not TCP, UDP, a ping or ARP, plainly over Ethernet. */
const OPAQUE = [
  'not (ip or ip6 or arp)',
  'ip and ip[6:2] & 0x3fff != 0', 'ip and not (ip proto 1 or ip proto 2 or ip proto 6 or ip proto 17)', 'icmp and icmp[0] != 0 and icmp[0] != 8',
  'ip6 and not (ip6[6] = 6 or ip6[6] = 17 or ip6[6] = 58)', 'ip6 and ip6[6] = 58 and ip6[40] < 128',
];

/** What is known of a test: it always holds, it never does, or the condition that bounds it. */
type Bound = string | boolean;

const and = (a: Bound, b: Bound): Bound => (a === false || b === false ? false : a === true ? b : b === true ? a : `(${a}) and (${b})`);
const or = (a: Bound, b: Bound): Bound => (a === true || b === true ? true : a === false ? b : b === false ? a : `(${a}) or (${b})`);
const not = (a: Bound): Bound => (typeof a === 'boolean' ? !a : `not (${a})`);

/** Holds wherever the test does. */
function upper(t: Test): Bound {
  switch (t.kind) {
    case 'and': return and(upper(t.left), upper(t.right));
    case 'or': case 'xor': return or(upper(t.left), upper(t.right));
    case 'not': return not(lower(t.of));
    case 'exists': case 'nonzero': return protocolOf(t.of);
    case 'matches': return protocolOf(t.left);
    case 'member': {
      if (t.quantifier === 'all') return protocolOf(t.value);
      const each = t.elements.map((e) => between(t.value, e.low, e.high ?? e.low) ?? protocolOf(t.value));
      return each.reduce<Bound>((a, b) => or(a, b), false);
    }
    case 'compare': {
      if (t.quantifier === 'all' || t.left.kind !== 'field') return and(protocolOf(t.left), protocolOf(t.right));
      const there = protocolOf(t.left);
      switch (t.op) {
        case 'any_eq': return between(t.left, t.right, t.right) ?? there;
        case 'ge': case 'gt': return between(t.left, t.right, null) ?? there;
        case 'le': case 'lt': return between(t.left, null, t.right) ?? there;
        case 'all_ne': return and(there, not(equalBothWays(t.left, t.right)));
        default: return there;
      }
    }
  }
}

/** Holds only where the test does, for both directions of a conversation alike. */
function lower(t: Test): Bound {
  switch (t.kind) {
    case 'and': return and(lower(t.left), lower(t.right));
    case 'or': return or(lower(t.left), lower(t.right));
    case 'not': return not(upper(t.of));
    case 'exists': return t.of.kind === 'field' && t.of.layers === null && SURE.has(t.of.field.name) ? and(protocolOf(t.of), PLAIN) : false;
    case 'compare': return t.op === 'any_eq' && t.quantifier !== 'all' && t.left.kind === 'field' ? equalBothWays(t.left, t.right) : false;
    case 'member': {
      if (t.quantifier === 'all' || !BOTH_ENDS.has(t.value.field.name) || t.value.layers !== null) return false;
      return t.elements.reduce<Bound>((a, e) => or(a, and(between(t.value, e.low, e.high ?? e.low) ?? false, PLAIN)), false);
    }
    default: return false;
  }
}

/** A head that can be read: of the version that the frame says, and as long as it must be. */
const PLAIN = '(ip and ip[0] & 0xf0 = 0x40 and ip[0] & 0x0f > 4) or (ip6 and ip6[0] & 0xf0 = 0x60)';
/** Protocols that libpcap knows as surely as the dissectors do. */
const SURE: ReadonlySet<string> = new Set(['ip', 'ipv6', 'tcp', 'udp']);
/** Fields that both ends of a packet share: what they say holds for the answers too. */
const BOTH_ENDS: ReadonlySet<string> = new Set(['ip.addr', 'ipv6.addr', 'tcp.port', 'udp.port']);

function equalBothWays(left: Operand, right: Operand): Bound {
  if (left.kind !== 'field' || left.layers !== null || !BOTH_ENDS.has(left.field.name)) return false;
  const condition = between(left, right, right);
  return condition === undefined ? false : and(condition, PLAIN);
}

const PROTOCOLS: Readonly<Record<string, string>> = { ip: 'ip', ipv6: 'ip6', tcp: 'tcp', udp: 'udp', arp: 'arp', icmp: 'icmp', icmpv6: 'icmp6', igmp: 'igmp' };

/** The protocol without which an operand has no value. */
function protocolOf(o: Operand): Bound {
  switch (o.kind) {
    case 'field': {
      const { name } = o.field;
      const dot = name.indexOf('.');
      return PROTOCOLS[dot < 0 ? name : name.slice(0, dot)] ?? true;
    }
    case 'slice': case 'negate': return protocolOf(o.of);
    case 'arithmetic': return and(protocolOf(o.left), protocolOf(o.right));
    default: return true;
  }
}

const HIGHEST_PORT = 65_535;

/** The condition that a field lies between two constants, whichever end of the packet it is of; undefined where libpcap has none. */
function between(left: Operand, low: Operand | null, high: Operand | null): Bound | undefined {
  if (left.kind !== 'field' || left.raw || (low !== null && low.kind !== 'constant') || (high !== null && high.kind !== 'constant')) return undefined;
  const { name } = left.field;
  const port = /^(tcp|udp)\.(port|srcport|dstport)$/.exec(name);
  if (port !== null) {
    const from = Math.max(0, Math.ceil(Number(low?.value ?? 0)));
    const to = Math.min(HIGHEST_PORT, Math.floor(Number(high?.value ?? HIGHEST_PORT)));
    return from > to ? false : from === to ? `${port[1]} port ${from}` : `${port[1]} portrange ${from}-${to}`;
  }
  // Addresses: one of them, or a network.
  if (low === null || low !== high) return undefined;
  const { value, prefix } = low;
  if (/^ip\.(addr|src|dst)$/.test(name)) {
    const n = Number(value);
    const bits = prefix ?? 32;
    const net = bits === 0 ? 0 : (n & (-1 << (32 - bits))) >>> 0;
    return `ip and net ${net >>> 24}.${(net >>> 16) & 255}.${(net >>> 8) & 255}.${net & 255}/${bits}`;
  }
  if (/^ipv6\.(addr|src|dst)$/.test(name) && typeof value === 'object') return `ip6 and net ${ipv6Network(value, prefix ?? 128)}`;
  return undefined;
}

function ipv6Network(address: Uint8Array, prefix: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => {
    const mask = Math.max(0, Math.min(16, prefix - 16 * i));
    return (((address[2 * i] << 8) | address[2 * i + 1]) & (0xffff << (16 - mask)) & 0xffff).toString(16);
  });
  return `${groups.join(':')}/${prefix}`;
}
