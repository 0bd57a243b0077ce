// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import dns from './types/dns.ts';
import download from './types/download.ts';
import ftp from './types/ftp.ts';
import heartbeat from './types/heartbeat.ts';
import http from './types/http.ts';
import icmp from './types/icmp.ts';
import imap from './types/imap.ts';
import ldap from './types/ldap.ts';
import link from './types/link.ts';
import ntp from './types/ntp.ts';
import pop3 from './types/pop3.ts';
import route from './types/route.ts';
import smtp from './types/smtp.ts';
import snmp from './types/snmp.ts';
import ssh from './types/ssh.ts';
import stamp from './types/stamp.ts';
import tcp from './types/tcp.ts';
import tls from './types/tls.ts';
import udp from './types/udp.ts';

export const types = [
  dns,
  download,
  ftp,
  heartbeat,
  http,
  icmp,
  imap,
  ldap,
  link,
  ntp,
  pop3,
  route,
  smtp,
  snmp,
  ssh,
  stamp,
  tcp,
  tls,
  udp,
];
