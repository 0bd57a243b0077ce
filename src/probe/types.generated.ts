// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import dns from './types/dns.ts';
import http from './types/http.ts';
import icmp from './types/icmp.ts';
import tcp from './types/tcp.ts';

export const types = [
  dns,
  http,
  icmp,
  tcp,
];
