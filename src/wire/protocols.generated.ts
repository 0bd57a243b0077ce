// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import dns from './protocols/dns.ts';
import eth from './protocols/eth.ts';
import ip from './protocols/ip.ts';
import ipv6 from './protocols/ipv6.ts';
import llmnr from './protocols/llmnr.ts';
import mdns from './protocols/mdns.ts';
import tcp from './protocols/tcp.ts';
import udp from './protocols/udp.ts';

export const protocols = [
  dns,
  eth,
  ip,
  ipv6,
  llmnr,
  mdns,
  tcp,
  udp,
];
