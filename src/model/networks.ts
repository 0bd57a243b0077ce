import { ipInRange, parseCidr, type IpHex, type IpRange } from '../base/ip.ts';
import type { FlowDirection } from './flow.ts';

/** `networks:` of the configuration: what is ours, by site. Decides direction, local and remote everywhere. */
export interface NetworkEntry {
  readonly cidr: string;
  readonly site: string;
  readonly name?: string | undefined;
}

/** What is ours where nothing is configured: RFC 1918, RFC 4193, link-local, loopback. */
export const DEFAULT_NETWORKS: readonly NetworkEntry[] = [
  '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '100.64.0.0/10', 'fc00::/7', 'fe80::/10', '::1/128',
].map((cidr) => ({ cidr, site: 'default' }));

/** Answers "is this ours, and of which site" for an address. The longest prefix wins. */
export class Networks {
  readonly #ranges: readonly { range: IpRange; entry: NetworkEntry }[];

  /** Entries that are not CIDRs have been refused by the configuration before; here they throw. */
  constructor(entries: readonly NetworkEntry[] = DEFAULT_NETWORKS) {
    this.#ranges = entries
      .map((entry) => {
        const range = parseCidr(entry.cidr);
        if (range === undefined) throw new Error(`not a network: ${entry.cidr}`);
        return { range, entry };
      })
      .sort((a, b) => b.range.prefix + (b.range.family === 4 ? 96 : 0) - (a.range.prefix + (a.range.family === 4 ? 96 : 0)));
  }

  find(ip: IpHex): NetworkEntry | undefined {
    return this.#ranges.find(({ range }) => ipInRange(ip, range))?.entry;
  }

  isLocal(ip: IpHex): boolean {
    return this.find(ip) !== undefined;
  }

  direction(src: IpHex, dst: IpHex): FlowDirection {
    const local = this.isLocal(src);
    return this.isLocal(dst) ? (local ? 'internal' : 'inbound') : local ? 'outbound' : 'external';
  }
}
