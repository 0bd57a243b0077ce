import { formatIp, isIpv4, type IpHex } from '../base/ip.ts';

/** A display filter for the packets of a host, or between two hosts, on a transport and port where given: what an analyst would type. */
export function packetsBetween(a: IpHex, b: IpHex | null, proto: number | null = null, port: number | null = null): string {
  const host = (ip: IpHex): string => `${isIpv4(ip) ? 'ip' : 'ipv6'}.addr == ${formatIp(ip)}`;
  const parts = [host(a)];
  if (b !== null) parts.push(host(b));
  const transport = proto === 6 ? 'tcp' : proto === 17 ? 'udp' : null;
  if (transport !== null) parts.push(port === null ? transport : `${transport}.port == ${port}`);
  return parts.join(' && ');
}
