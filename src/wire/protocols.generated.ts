// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import chdlc from './protocols/chdlc.ts';
import dns from './protocols/dns.ts';
import erspan from './protocols/erspan.ts';
import eth from './protocols/eth.ts';
import geneve from './protocols/geneve.ts';
import gre from './protocols/gre.ts';
import gtp from './protocols/gtp.ts';
import ip from './protocols/ip.ts';
import ipv6 from './protocols/ipv6.ts';
import llmnr from './protocols/llmnr.ts';
import mdns from './protocols/mdns.ts';
import mpls from './protocols/mpls.ts';
import ppp from './protocols/ppp.ts';
import pppoes from './protocols/pppoes.ts';
import tcp from './protocols/tcp.ts';
import teredo from './protocols/teredo.ts';
import udp from './protocols/udp.ts';
import vxlan from './protocols/vxlan.ts';

export const protocols = [
  chdlc,
  dns,
  erspan,
  eth,
  geneve,
  gre,
  gtp,
  ip,
  ipv6,
  llmnr,
  mdns,
  mpls,
  ppp,
  pppoes,
  tcp,
  teredo,
  udp,
  vxlan,
];
