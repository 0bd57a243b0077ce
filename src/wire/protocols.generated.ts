// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import chdlc from './protocols/chdlc.ts';
import dataTextLines from './protocols/data-text-lines.ts';
import dns from './protocols/dns.ts';
import erspan from './protocols/erspan.ts';
import eth from './protocols/eth.ts';
import geneve from './protocols/geneve.ts';
import gre from './protocols/gre.ts';
import gtp from './protocols/gtp.ts';
import http from './protocols/http.ts';
import imageGif from './protocols/image-gif.ts';
import imageJfif from './protocols/image-jfif.ts';
import ip from './protocols/ip.ts';
import ipv6 from './protocols/ipv6.ts';
import json from './protocols/json.ts';
import llmnr from './protocols/llmnr.ts';
import mdns from './protocols/mdns.ts';
import media from './protocols/media.ts';
import mimeMultipart from './protocols/mime-multipart.ts';
import mpls from './protocols/mpls.ts';
import png from './protocols/png.ts';
import ppp from './protocols/ppp.ts';
import pppoes from './protocols/pppoes.ts';
import ssdp from './protocols/ssdp.ts';
import tcp from './protocols/tcp.ts';
import teredo from './protocols/teredo.ts';
import udp from './protocols/udp.ts';
import urlencodedForm from './protocols/urlencoded-form.ts';
import vxlan from './protocols/vxlan.ts';
import xml from './protocols/xml.ts';

export const protocols = [
  chdlc,
  dataTextLines,
  dns,
  erspan,
  eth,
  geneve,
  gre,
  gtp,
  http,
  imageGif,
  imageJfif,
  ip,
  ipv6,
  json,
  llmnr,
  mdns,
  media,
  mimeMultipart,
  mpls,
  png,
  ppp,
  pppoes,
  ssdp,
  tcp,
  teredo,
  udp,
  urlencodedForm,
  vxlan,
  xml,
];
