// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import aarp from './protocols/aarp.ts';
import acse from './protocols/acse.ts';
import ah from './protocols/ah.ts';
import amqp from './protocols/amqp.ts';
import amr from './protocols/amr.ts';
import ams from './protocols/ams.ts';
import aodv from './protocols/aodv.ts';
import arcnet from './protocols/arcnet.ts';
import arp from './protocols/arp.ts';
import atsvc from './protocols/atsvc.ts';
import autoRp from './protocols/auto-rp.ts';
import ax25 from './protocols/ax25.ts';
import ayiya from './protocols/ayiya.ts';
import babel from './protocols/babel.ts';
import bacapp from './protocols/bacapp.ts';
import bacnet from './protocols/bacnet.ts';
import bfdEcho from './protocols/bfd-echo.ts';
import bfd from './protocols/bfd.ts';
import bgp from './protocols/bgp.ts';
import bittorrent from './protocols/bittorrent.ts';
import bjnp from './protocols/bjnp.ts';
import bpq from './protocols/bpq.ts';
import brdwlk from './protocols/brdwlk.ts';
import browser from './protocols/browser.ts';
import btDht from './protocols/bt-dht.ts';
import btUtp from './protocols/bt-utp.ts';
import bvlc from './protocols/bvlc.ts';
import can from './protocols/can.ts';
import capwapData from './protocols/capwap-data.ts';
import capwap from './protocols/capwap.ts';
import carp from './protocols/carp.ts';
import ccp from './protocols/ccp.ts';
import cdp from './protocols/cdp.ts';
import cflow from './protocols/cflow.ts';
import cfp from './protocols/cfp.ts';
import chap from './protocols/chap.ts';
import chdlc from './protocols/chdlc.ts';
import cip from './protocols/cip.ts';
import cipio from './protocols/cipio.ts';
import classicstun from './protocols/classicstun.ts';
import cldap from './protocols/cldap.ts';
import cnip from './protocols/cnip.ts';
import coap from './protocols/coap.ts';
import collectd from './protocols/collectd.ts';
import cotpSegments from './protocols/cotp-segments.ts';
import cotp from './protocols/cotp.ts';
import cql from './protocols/cql.ts';
import dataTextLines from './protocols/data-text-lines.ts';
import dbLspDisc from './protocols/db-lsp-disc.ts';
import dccp from './protocols/dccp.ts';
import dcerpcEncryptedStubData from './protocols/dcerpc-encrypted-stub-data.ts';
import dcerpcFragments from './protocols/dcerpc-fragments.ts';
import dcerpcFurther from './protocols/dcerpc-further.ts';
import dcerpcStubData from './protocols/dcerpc-stub-data.ts';
import dcerpc from './protocols/dcerpc.ts';
import ddp from './protocols/ddp.ts';
import decDna from './protocols/dec-dna.ts';
import dhcp from './protocols/dhcp.ts';
import dhcpv6 from './protocols/dhcpv6.ts';
import diameter from './protocols/diameter.ts';
import dnp3 from './protocols/dnp3.ts';
import dns from './protocols/dns.ts';
import dnsserver from './protocols/dnsserver.ts';
import doip from './protocols/doip.ts';
import drsuapi from './protocols/drsuapi.ts';
import dssetup from './protocols/dssetup.ts';
import dtls from './protocols/dtls.ts';
import dtp from './protocols/dtp.ts';
import dvmrp from './protocols/dvmrp.ts';
import eap from './protocols/eap.ts';
import eapol from './protocols/eapol.ts';
import edonkey from './protocols/edonkey.ts';
import efs from './protocols/efs.ts';
import eigrp from './protocols/eigrp.ts';
import enip from './protocols/enip.ts';
import epm from './protocols/epm.ts';
import erspan from './protocols/erspan.ts';
import esis from './protocols/esis.ts';
import esp from './protocols/esp.ts';
import eth from './protocols/eth.ts';
import eventlog from './protocols/eventlog.ts';
import fddi from './protocols/fddi.ts';
import finger from './protocols/finger.ts';
import fr from './protocols/fr.ts';
import frsrpc from './protocols/frsrpc.ts';
import frstrans from './protocols/frstrans.ts';
import ftpCurrentWorkingDirectory from './protocols/ftp-current-working-directory.ts';
import ftpDataCommandFrame from './protocols/ftp-data-command-frame.ts';
import ftpDataCommand from './protocols/ftp-data-command.ts';
import ftpDataCurrentWorkingDirectory from './protocols/ftp-data-current-working-directory.ts';
import ftpDataSetupFrame from './protocols/ftp-data-setup-frame.ts';
import ftpDataSetupMethod from './protocols/ftp-data-setup-method.ts';
import ftpData from './protocols/ftp-data.ts';
import ftp from './protocols/ftp.ts';
import geneve from './protocols/geneve.ts';
import git from './protocols/git.ts';
import gnutella from './protocols/gnutella.ts';
import gprsNs from './protocols/gprs-ns.ts';
import gquic from './protocols/gquic.ts';
import gre from './protocols/gre.ts';
import gssApi from './protocols/gss-api.ts';
import gtpVersions from './protocols/gtp-versions.ts';
import gtp from './protocols/gtp.ts';
import gtpprime from './protocols/gtpprime.ts';
import gtpv2 from './protocols/gtpv2.ts';
import gvrp from './protocols/gvrp.ts';
import h263 from './protocols/h263.ts';
import hartIp from './protocols/hart-ip.ts';
import hsrp from './protocols/hsrp.ts';
import http from './protocols/http.ts';
import http2 from './protocols/http2.ts';
import icmp from './protocols/icmp.ts';
import icmpv6 from './protocols/icmpv6.ts';
import iec60870104 from './protocols/iec60870-104.ts';
import iec60870Asdu from './protocols/iec60870-asdu.ts';
import ieee8021ad from './protocols/ieee8021ad.ts';
import ieee8021ah from './protocols/ieee8021ah.ts';
import igmpTypes from './protocols/igmp-types.ts';
import igmp from './protocols/igmp.ts';
import imageGif from './protocols/image-gif.ts';
import imageJfif from './protocols/image-jfif.ts';
import imap from './protocols/imap.ts';
import imf from './protocols/imf.ts';
import initshutdown from './protocols/initshutdown.ts';
import ip from './protocols/ip.ts';
import ipcomp from './protocols/ipcomp.ts';
import ipcp from './protocols/ipcp.ts';
import ipv6Dstopts from './protocols/ipv6-dstopts.ts';
import ipv6Fraghdr from './protocols/ipv6-fraghdr.ts';
import ipv6Hopopts from './protocols/ipv6-hopopts.ts';
import ipv6Routing from './protocols/ipv6-routing.ts';
import ipv6 from './protocols/ipv6.ts';
import ipv6cp from './protocols/ipv6cp.ts';
import ipx from './protocols/ipx.ts';
import ipxrip from './protocols/ipxrip.ts';
import ipxsap from './protocols/ipxsap.ts';
import irc from './protocols/irc.ts';
import iremotewinspool from './protocols/iremotewinspool.ts';
import isakmp from './protocols/isakmp.ts';
import isisCsnp from './protocols/isis-csnp.ts';
import isisHello from './protocols/isis-hello.ts';
import isisLsp from './protocols/isis-lsp.ts';
import isisPsnp from './protocols/isis-psnp.ts';
import isis from './protocols/isis.ts';
import isl from './protocols/isl.ts';
import isystemactivator from './protocols/isystemactivator.ts';
import json from './protocols/json.ts';
import juniper from './protocols/juniper.ts';
import kafka from './protocols/kafka.ts';
import kerberos from './protocols/kerberos.ts';
import l2tp from './protocols/l2tp.ts';
import lacp from './protocols/lacp.ts';
import lanman from './protocols/lanman.ts';
import lat from './protocols/lat.ts';
import lcp from './protocols/lcp.ts';
import ldap from './protocols/ldap.ts';
import ldp from './protocols/ldp.ts';
import lispData from './protocols/lisp-data.ts';
import lisp from './protocols/lisp.ts';
import llc from './protocols/llc.ts';
import lldp from './protocols/lldp.ts';
import llmnr from './protocols/llmnr.ts';
import lmp from './protocols/lmp.ts';
import loop from './protocols/loop.ts';
import lsarpc from './protocols/lsarpc.ts';
import m3ua from './protocols/m3ua.ts';
import macsec from './protocols/macsec.ts';
import mailslot from './protocols/mailslot.ts';
import mapi from './protocols/mapi.ts';
import mbtcp from './protocols/mbtcp.ts';
import mdns from './protocols/mdns.ts';
import media from './protocols/media.ts';
import memcache from './protocols/memcache.ts';
import messenger from './protocols/messenger.ts';
import mgmt from './protocols/mgmt.ts';
import mimeMultipart from './protocols/mime-multipart.ts';
import mipv6 from './protocols/mipv6.ts';
import mms from './protocols/mms.ts';
import modbus from './protocols/modbus.ts';
import mongo from './protocols/mongo.ts';
import mount from './protocols/mount.ts';
import mplsEcho from './protocols/mpls-echo.ts';
import mpls from './protocols/mpls.ts';
import mptcp from './protocols/mptcp.ts';
import mqtt from './protocols/mqtt.ts';
import mstp from './protocols/mstp.ts';
import mysql from './protocols/mysql.ts';
import natPmp from './protocols/nat-pmp.ts';
import nbdgm from './protocols/nbdgm.ts';
import nbipx from './protocols/nbipx.ts';
import nbns from './protocols/nbns.ts';
import nbp from './protocols/nbp.ts';
import nbss from './protocols/nbss.ts';
import ndp from './protocols/ndp.ts';
import netbios from './protocols/netbios.ts';
import netdfs from './protocols/netdfs.ts';
import nflog from './protocols/nflog.ts';
import nfsCb from './protocols/nfs-cb.ts';
import nfs from './protocols/nfs.ts';
import nfsacl from './protocols/nfsacl.ts';
import nhrp from './protocols/nhrp.ts';
import nlm from './protocols/nlm.ts';
import nlsp from './protocols/nlsp.ts';
import nntp from './protocols/nntp.ts';
import nsCertExts from './protocols/ns-cert-exts.ts';
import nsh from './protocols/nsh.ts';
import nspi from './protocols/nspi.ts';
import ntlmsspVerf from './protocols/ntlmssp-verf.ts';
import ntlmssp from './protocols/ntlmssp.ts';
import ntp from './protocols/ntp.ts';
import null_ from './protocols/null.ts';
import oampdu from './protocols/oampdu.ts';
import ocsp from './protocols/ocsp.ts';
import oicq from './protocols/oicq.ts';
import olsr from './protocols/olsr.ts';
import omron from './protocols/omron.ts';
import opcua from './protocols/opcua.ts';
import openflowV1 from './protocols/openflow-v1.ts';
import openflowV4 from './protocols/openflow-v4.ts';
import openflowV5 from './protocols/openflow-v5.ts';
import openflowV6 from './protocols/openflow-v6.ts';
import openflow from './protocols/openflow.ts';
import openvpn from './protocols/openvpn.ts';
import opus from './protocols/opus.ts';
import osi from './protocols/osi.ts';
import ospf from './protocols/ospf.ts';
import oxid from './protocols/oxid.ts';
import pagp from './protocols/pagp.ts';
import pana from './protocols/pana.ts';
import pap from './protocols/pap.ts';
import pfcp from './protocols/pfcp.ts';
import pgm from './protocols/pgm.ts';
import pgsql from './protocols/pgsql.ts';
import pim from './protocols/pim.ts';
import pkcs1 from './protocols/pkcs-1.ts';
import pkix1explicit from './protocols/pkix1explicit.ts';
import pkix1implicit from './protocols/pkix1implicit.ts';
import pktap from './protocols/pktap.ts';
import png from './protocols/png.ts';
import pop from './protocols/pop.ts';
import portcontrol from './protocols/portcontrol.ts';
import portmap from './protocols/portmap.ts';
import ppi from './protocols/ppi.ts';
import ppp from './protocols/ppp.ts';
import pppoed from './protocols/pppoed.ts';
import pppoes from './protocols/pppoes.ts';
import pptp from './protocols/pptp.ts';
import pres from './protocols/pres.ts';
import prism from './protocols/prism.ts';
import ptp from './protocols/ptp.ts';
import quic from './protocols/quic.ts';
import radiotap from './protocols/radiotap.ts';
import radius from './protocols/radius.ts';
import raw from './protocols/raw.ts';
import rdp from './protocols/rdp.ts';
import remact from './protocols/remact.ts';
import remunk from './protocols/remunk.ts';
import remunk2 from './protocols/remunk2.ts';
import resp from './protocols/resp.ts';
import rfc2190 from './protocols/rfc2190.ts';
import rgmp from './protocols/rgmp.ts';
import rip from './protocols/rip.ts';
import ripng from './protocols/ripng.ts';
import rlogin from './protocols/rlogin.ts';
import rpcBrowser from './protocols/rpc-browser.ts';
import rpcNetlogon from './protocols/rpc-netlogon.ts';
import rpc from './protocols/rpc.ts';
import rsh from './protocols/rsh.ts';
import rsvp from './protocols/rsvp.ts';
import rsync from './protocols/rsync.ts';
import rtcp from './protocols/rtcp.ts';
import rtmp from './protocols/rtmp.ts';
import rtp from './protocols/rtp.ts';
import rtpevent from './protocols/rtpevent.ts';
import rtps from './protocols/rtps.ts';
import s7comm from './protocols/s7comm.ts';
import sadmind from './protocols/sadmind.ts';
import samr from './protocols/samr.ts';
import sctp from './protocols/sctp.ts';
import sdp from './protocols/sdp.ts';
import sesFurther from './protocols/ses-further.ts';
import ses from './protocols/ses.ts';
import sflow from './protocols/sflow.ts';
import sip from './protocols/sip.ts';
import slarp from './protocols/slarp.ts';
import sll from './protocols/sll.ts';
import slow from './protocols/slow.ts';
import smbNetlogon from './protocols/smb-netlogon.ts';
import smbPipe from './protocols/smb-pipe.ts';
import smb from './protocols/smb.ts';
import smb2Chained from './protocols/smb2-chained.ts';
import smb2 from './protocols/smb2.ts';
import smtp from './protocols/smtp.ts';
import snmp from './protocols/snmp.ts';
import socks from './protocols/socks.ts';
import spnegoKrb5 from './protocols/spnego-krb5.ts';
import spnego from './protocols/spnego.ts';
import spoolss from './protocols/spoolss.ts';
import spx from './protocols/spx.ts';
import srvloc from './protocols/srvloc.ts';
import srvsvc from './protocols/srvsvc.ts';
import ssdp from './protocols/ssdp.ts';
import ssh from './protocols/ssh.ts';
import stat from './protocols/stat.ts';
import steamIhsDiscovery from './protocols/steam-ihs-discovery.ts';
import stp from './protocols/stp.ts';
import stun from './protocols/stun.ts';
import svcctl from './protocols/svcctl.ts';
import synphasor from './protocols/synphasor.ts';
import syslog from './protocols/syslog.ts';
import tacplus from './protocols/tacplus.ts';
import tapi from './protocols/tapi.ts';
import tcp from './protocols/tcp.ts';
import tds from './protocols/tds.ts';
import telnet from './protocols/telnet.ts';
import teredo from './protocols/teredo.ts';
import text from './protocols/text.ts';
import tftp from './protocols/tftp.ts';
import thrift from './protocols/thrift.ts';
import tipc from './protocols/tipc.ts';
import tivoconnect from './protocols/tivoconnect.ts';
import tlsSegments from './protocols/tls-segments.ts';
import tls from './protocols/tls.ts';
import tns from './protocols/tns.ts';
import tpkt from './protocols/tpkt.ts';
import tplinkSmarthome from './protocols/tplink-smarthome.ts';
import trksvr from './protocols/trksvr.ts';
import tsp from './protocols/tsp.ts';
import udld from './protocols/udld.ts';
import udp from './protocols/udp.ts';
import udpencap from './protocols/udpencap.ts';
import uds from './protocols/uds.ts';
import urlencodedForm from './protocols/urlencoded-form.ts';
import userDlt from './protocols/user-dlt.ts';
import vlan from './protocols/vlan.ts';
import vnc from './protocols/vnc.ts';
import vntag from './protocols/vntag.ts';
import vrrp from './protocols/vrrp.ts';
import vsock from './protocols/vsock.ts';
import vtp from './protocols/vtp.ts';
import vxlan from './protocols/vxlan.ts';
import websocketFragments from './protocols/websocket-fragments.ts';
import websocket from './protocols/websocket.ts';
import wg from './protocols/wg.ts';
import whois from './protocols/whois.ts';
import winreg from './protocols/winreg.ts';
import witness from './protocols/witness.ts';
import wkssvc from './protocols/wkssvc.ts';
import wlanAggregate from './protocols/wlan-aggregate.ts';
import wlanMgt from './protocols/wlan-mgt.ts';
import wlanRadio from './protocols/wlan-radio.ts';
import wlan from './protocols/wlan.ts';
import wlancap from './protocols/wlancap.ts';
import wlccp from './protocols/wlccp.ts';
import wol from './protocols/wol.ts';
import wpan from './protocols/wpan.ts';
import x509af from './protocols/x509af.ts';
import x509ce from './protocols/x509ce.ts';
import x509if from './protocols/x509if.ts';
import x509sat from './protocols/x509sat.ts';
import xml from './protocols/xml.ts';
import xmpp from './protocols/xmpp.ts';
import ypserv from './protocols/ypserv.ts';
import zbeeBeacon from './protocols/zbee-beacon.ts';
import zbeeNwk from './protocols/zbee-nwk.ts';
import zrtp from './protocols/zrtp.ts';

export const protocols = [
  aarp,
  acse,
  ah,
  amqp,
  amr,
  ams,
  aodv,
  arcnet,
  arp,
  atsvc,
  autoRp,
  ax25,
  ayiya,
  babel,
  bacapp,
  bacnet,
  bfdEcho,
  bfd,
  bgp,
  bittorrent,
  bjnp,
  bpq,
  brdwlk,
  browser,
  btDht,
  btUtp,
  bvlc,
  can,
  capwapData,
  capwap,
  carp,
  ccp,
  cdp,
  cflow,
  cfp,
  chap,
  chdlc,
  cip,
  cipio,
  classicstun,
  cldap,
  cnip,
  coap,
  collectd,
  cotpSegments,
  cotp,
  cql,
  dataTextLines,
  dbLspDisc,
  dccp,
  dcerpcEncryptedStubData,
  dcerpcFragments,
  dcerpcFurther,
  dcerpcStubData,
  dcerpc,
  ddp,
  decDna,
  dhcp,
  dhcpv6,
  diameter,
  dnp3,
  dns,
  dnsserver,
  doip,
  drsuapi,
  dssetup,
  dtls,
  dtp,
  dvmrp,
  eap,
  eapol,
  edonkey,
  efs,
  eigrp,
  enip,
  epm,
  erspan,
  esis,
  esp,
  eth,
  eventlog,
  fddi,
  finger,
  fr,
  frsrpc,
  frstrans,
  ftpCurrentWorkingDirectory,
  ftpDataCommandFrame,
  ftpDataCommand,
  ftpDataCurrentWorkingDirectory,
  ftpDataSetupFrame,
  ftpDataSetupMethod,
  ftpData,
  ftp,
  geneve,
  git,
  gnutella,
  gprsNs,
  gquic,
  gre,
  gssApi,
  gtpVersions,
  gtp,
  gtpprime,
  gtpv2,
  gvrp,
  h263,
  hartIp,
  hsrp,
  http,
  http2,
  icmp,
  icmpv6,
  iec60870104,
  iec60870Asdu,
  ieee8021ad,
  ieee8021ah,
  igmpTypes,
  igmp,
  imageGif,
  imageJfif,
  imap,
  imf,
  initshutdown,
  ip,
  ipcomp,
  ipcp,
  ipv6Dstopts,
  ipv6Fraghdr,
  ipv6Hopopts,
  ipv6Routing,
  ipv6,
  ipv6cp,
  ipx,
  ipxrip,
  ipxsap,
  irc,
  iremotewinspool,
  isakmp,
  isisCsnp,
  isisHello,
  isisLsp,
  isisPsnp,
  isis,
  isl,
  isystemactivator,
  json,
  juniper,
  kafka,
  kerberos,
  l2tp,
  lacp,
  lanman,
  lat,
  lcp,
  ldap,
  ldp,
  lispData,
  lisp,
  llc,
  lldp,
  llmnr,
  lmp,
  loop,
  lsarpc,
  m3ua,
  macsec,
  mailslot,
  mapi,
  mbtcp,
  mdns,
  media,
  memcache,
  messenger,
  mgmt,
  mimeMultipart,
  mipv6,
  mms,
  modbus,
  mongo,
  mount,
  mplsEcho,
  mpls,
  mptcp,
  mqtt,
  mstp,
  mysql,
  natPmp,
  nbdgm,
  nbipx,
  nbns,
  nbp,
  nbss,
  ndp,
  netbios,
  netdfs,
  nflog,
  nfsCb,
  nfs,
  nfsacl,
  nhrp,
  nlm,
  nlsp,
  nntp,
  nsCertExts,
  nsh,
  nspi,
  ntlmsspVerf,
  ntlmssp,
  ntp,
  null_,
  oampdu,
  ocsp,
  oicq,
  olsr,
  omron,
  opcua,
  openflowV1,
  openflowV4,
  openflowV5,
  openflowV6,
  openflow,
  openvpn,
  opus,
  osi,
  ospf,
  oxid,
  pagp,
  pana,
  pap,
  pfcp,
  pgm,
  pgsql,
  pim,
  pkcs1,
  pkix1explicit,
  pkix1implicit,
  pktap,
  png,
  pop,
  portcontrol,
  portmap,
  ppi,
  ppp,
  pppoed,
  pppoes,
  pptp,
  pres,
  prism,
  ptp,
  quic,
  radiotap,
  radius,
  raw,
  rdp,
  remact,
  remunk,
  remunk2,
  resp,
  rfc2190,
  rgmp,
  rip,
  ripng,
  rlogin,
  rpcBrowser,
  rpcNetlogon,
  rpc,
  rsh,
  rsvp,
  rsync,
  rtcp,
  rtmp,
  rtp,
  rtpevent,
  rtps,
  s7comm,
  sadmind,
  samr,
  sctp,
  sdp,
  sesFurther,
  ses,
  sflow,
  sip,
  slarp,
  sll,
  slow,
  smbNetlogon,
  smbPipe,
  smb,
  smb2Chained,
  smb2,
  smtp,
  snmp,
  socks,
  spnegoKrb5,
  spnego,
  spoolss,
  spx,
  srvloc,
  srvsvc,
  ssdp,
  ssh,
  stat,
  steamIhsDiscovery,
  stp,
  stun,
  svcctl,
  synphasor,
  syslog,
  tacplus,
  tapi,
  tcp,
  tds,
  telnet,
  teredo,
  text,
  tftp,
  thrift,
  tipc,
  tivoconnect,
  tlsSegments,
  tls,
  tns,
  tpkt,
  tplinkSmarthome,
  trksvr,
  tsp,
  udld,
  udp,
  udpencap,
  uds,
  urlencodedForm,
  userDlt,
  vlan,
  vnc,
  vntag,
  vrrp,
  vsock,
  vtp,
  vxlan,
  websocketFragments,
  websocket,
  wg,
  whois,
  winreg,
  witness,
  wkssvc,
  wlanAggregate,
  wlanMgt,
  wlanRadio,
  wlan,
  wlancap,
  wlccp,
  wol,
  wpan,
  x509af,
  x509ce,
  x509if,
  x509sat,
  xml,
  xmpp,
  ypserv,
  zbeeBeacon,
  zbeeNwk,
  zrtp,
];
