import { defineCheck, fine, grantCommand, hasNetRaw, warning } from '../define-check.ts';

/** Groups that may open ICMP datagram sockets (icmp(7), ping_group_range); `1 0` = none. */
export const pingPrivilege = defineCheck({
  name: 'ping-privilege',
  title: 'Privilege to ping',
  async look(ports) {
    if (!ports.config.icmpWanted) return fine('not needed: no check pings');
    if (hasNetRaw(ports)) return fine('CAP_NET_RAW is there: raw ICMP with kernel times');
    const range = (ports.readFile('/proc/sys/net/ipv4/ping_group_range') ?? '1 0').trim().split(/\s+/).map(Number);
    if (range[0] <= range[1]) return fine(`ping_group_range ${range.join(' ')} allows ICMP sockets`);
    if ((await ports.run('ping', ['-V'])) !== undefined) return warning('ICMP goes through the program ping: coarser times', grantCommand(ports));
    return warning('neither CAP_NET_RAW nor ping_group_range nor the program ping is there: ICMP checks cannot run', 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"');
  },
});

export default pingPrivilege;
