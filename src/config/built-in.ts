import { readFileSync } from 'node:fs';
import { formatIp, ipHex, parseIp } from '../base/ip.ts';
import type { ConfigInput } from './schema.ts';

/** What the machine says about its own way out. */
export interface Surroundings {
  readonly gateways: readonly { readonly address: string; readonly family: 4 | 6; readonly interface: string }[];
  readonly resolvers: readonly string[];
}

/** Contents of the kernel's and the resolver's files; absent files are empty. */
export interface SurroundingFiles {
  readonly route: string;
  readonly ipv6Route: string;
  readonly resolvConf: string;
}

export function readSurroundingFiles(): SurroundingFiles {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  return { route: read('/proc/net/route'), ipv6Route: read('/proc/net/ipv6_route'), resolvConf: read('/etc/resolv.conf') };
}

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;

/**
 * Default gateways and resolvers, the best metric first.
 *
 * /proc/net/route writes addresses as hexadecimal of a host-order integer (little endian on every machine that is supported);
 * /proc/net/ipv6_route writes them as 32 digits. A link-local gateway needs its interface to be reached (RFC 4007 §11).
 */
export function findSurroundings(files: SurroundingFiles): Surroundings {
  const found: { address: string; family: 4 | 6; interface: string; metric: number }[] = [];
  for (const line of files.route.split('\n').slice(1)) {
    const [name, destination, gateway, flags, , , metric, mask] = line.trim().split(/\s+/);
    if (mask === undefined || destination !== '00000000' || mask !== '00000000') continue;
    if ((Number.parseInt(flags, 16) & (RTF_UP | RTF_GATEWAY)) !== (RTF_UP | RTF_GATEWAY)) continue;
    const value = Number.parseInt(gateway, 16);
    found.push({ address: [0, 8, 16, 24].map((shift) => (value >>> shift) & 255).join('.'), family: 4, interface: name, metric: Number(metric) });
  }
  for (const line of files.ipv6Route.split('\n')) {
    const [destination, prefix, , , gateway, metric, , , flags, name] = line.trim().split(/\s+/);
    if (name === undefined || !/^0{32}$/.test(destination) || prefix !== '00') continue;
    if ((Number.parseInt(flags, 16) & (RTF_UP | RTF_GATEWAY)) !== (RTF_UP | RTF_GATEWAY)) continue;
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(gateway.slice(2 * i, 2 * i + 2), 16));
    const text = formatIp(ipHex(bytes, 0, 6));
    found.push({ address: /^fe[89ab]/.test(text) ? `${text}%${name}` : text, family: 6, interface: name, metric: Number.parseInt(metric, 16) });
  }
  found.sort((a, b) => a.metric - b.metric || a.family - b.family);
  const gateways = found.filter((g, i) => found.findIndex((o) => o.address === g.address) === i).map(({ address, family, interface: name }) => ({ address, family, interface: name }));
  const resolvers = files.resolvConf
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1])
    .filter((address): address is string => address !== undefined && parseIp(address.split('%')[0]) !== undefined);
  return { gateways, resolvers: [...new Set(resolvers)].slice(0, 3) };
}

/** The configuration that is in force where none is given: gateways and resolvers are watched, nothing listens beyond loopback. */
export function builtInConfig(surroundings: Surroundings): ConfigInput {
  const gateways = surroundings.gateways.map((gateway, i) => ({
    id: `gateway${i === 0 ? '' : `-${i + 1}`}`,
    name: `Default gateway ${gateway.address}`,
    address: gateway.address,
    checks: [{ type: 'icmp', interval: '10s', timeout: '4s' }],
  }));
  const resolvers = surroundings.resolvers.map((address, i) => ({
    id: `resolver${i === 0 ? '' : `-${i + 1}`}`,
    name: `Resolver ${address}`,
    address,
    // A resolver beyond the gateway is out of reach, not down, when the gateway is.
    parents: gateways.length > 0 && !address.startsWith('127.') && address !== '::1' && !gateways.some((g) => g.address === address) ? gateways.map((g) => g.id) : [],
    // The root's name servers: an answer that every resolver can give without any name of ours.
    checks: [{ type: 'dns', interval: '30s', timeout: '5s', options: { name: '.', type: 'NS' } }],
  }));
  return { version: 1, targets: [...gateways, ...resolvers] };
}
