// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import eth from './protocols/eth.ts';
import ip from './protocols/ip.ts';
import ipv6 from './protocols/ipv6.ts';
import tcp from './protocols/tcp.ts';
import udp from './protocols/udp.ts';

export const protocols = [
  eth,
  ip,
  ipv6,
  tcp,
  udp,
];
