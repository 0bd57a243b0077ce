// Names of applications in nDPI's vocabulary: by the protocol that was dissected, by port where nothing could be read, and by the
// host that was asked for.

/** By Wireshark's name of the protocol. */
const BY_PROTOCOL: Readonly<Record<string, string>> = {
  tls: 'TLS', dtls: 'DTLS', quic: 'QUIC', gquic: 'QUIC', http: 'HTTP', http2: 'HTTP2', http3: 'QUIC', websocket: 'WebSocket', ssdp: 'SSDP', dns: 'DNS', mdns: 'MDNS',
  llmnr: 'LLMNR', nbns: 'NetBIOS', nbdgm: 'NetBIOS', nbss: 'NetBIOS', smb: 'SMBv1', smb2: 'SMBv23', dcerpc: 'DCERPC', kerberos: 'Kerberos', ldap: 'LDAP', cldap: 'LDAP',
  dhcp: 'DHCP', dhcpv6: 'DHCPV6', ntp: 'NTP', snmp: 'SNMP', syslog: 'Syslog', radius: 'Radius', tacplus: 'TACACS', diameter: 'Diameter', tftp: 'TFTP', ftp: 'FTP_CONTROL',
  'ftp-data': 'FTP_DATA', ssh: 'SSH', telnet: 'Telnet', rlogin: 'RSH', rsh: 'RSH', smtp: 'SMTP', pop: 'POP3', imap: 'IMAP', irc: 'IRC', xmpp: 'Jabber', nntp: 'Usenet',
  whois: 'Whois-DAS', git: 'Git', rsync: 'RSYNC', sip: 'SIP', rtp: 'RTP', srtp: 'RTP', rtcp: 'RTCP', zrtp: 'RTP', stun: 'STUN', classicstun: 'STUN', rtsp: 'RTSP',
  mgcp: 'MGCP', skinny: 'CiscoSkinny', iax2: 'IAX', h225: 'H323', rtmpt: 'RTMP', rdp: 'RDP', rdpudp: 'RDP', vnc: 'VNC', x11: 'X11', tds: 'MsSQL-TDS', mysql: 'MySQL',
  pgsql: 'PostgreSQL', mongo: 'MongoDB', resp: 'Redis', memcache: 'Memcached', cql: 'Cassandra', drda: 'DRDA', tns: 'Oracle', couchbase: 'Couchbase', mqtt: 'MQTT', 'mqtt-sn': 'MQTT',
  amqp: 'AMQP', kafka: 'Kafka', openwire: 'OpenWire', coap: 'COAP', nats: 'Nats', thrift: 'Thrift', collectd: 'collectd', zabbix: 'Zabbix', nfs: 'NFS', mount: 'NFS', portmap: 'NFS',
  rpc: 'NFS', afp: 'AFP', dsi: 'AFP', bittorrent: 'BitTorrent', 'bt-dht': 'BitTorrent', 'bt-utp': 'BitTorrent', edonkey: 'eDonkey', gnutella: 'Gnutella', socks: 'SOCKS',
  modbus: 'Modbus', mbtcp: 'Modbus', dnp3: 'DNP3', iec60870_104: 'IEC60870', s7comm: 'S7Comm', 's7comm-plus': 'S7CommPlus', mms: 'ISO9506-1-MMS', enip: 'EthernetIP',
  cip: 'EthernetIP', bacnet: 'BACnet', bvlc: 'BACnet', bacapp: 'BACnet', opcua: 'OPC-UA', ams: 'BeckhoffADS', omron: 'FINS', hart_ip: 'HART-IP', c1222: 'ANSI_C1222', pn_io: 'PROFINET_IO',
  synphasor: 'Synchrophasor', rmcp: 'RMCP', asf: 'RMCP', ipmi_session: 'RMCP', kip: 'KNXnet_IP', isakmp: 'IPSec', esp: 'IPSec', ah: 'IPSec', udpencap: 'IPSec', wg: 'WireGuard',
  openvpn: 'OpenVPN', pptp: 'PPTP', l2tp: 'L2TP', gtp: 'GTP', gtpv2: 'GTP', gtpprime: 'GTP', pfcp: 'PFCP', capwap: 'CAPWAP', 'capwap.data': 'CAPWAP', teredo: 'Teredo',
  vxlan: 'VXLAN', bfd: 'BFD', bgp: 'BGP', rip: 'RIP', ospf: 'OSPF', pim: 'IP_PIM', vrrp: 'VRRP', hsrp: 'HSRP', eigrp: 'EIGRP', igmp: 'IGMP', icmp: 'ICMP', icmpv6: 'ICMPV6',
  sctp: 'SCTP', gre: 'GRE', 'nat-pmp': 'NAT-PMP', portcontrol: 'PortControl', srvloc: 'Service_Location_Protocol', ptp: 'PTPv2', cflow: 'NetFlow', sflow: 'sFlow', ajp13: 'AJP',
  uftp: 'UFTP', uftp4: 'UFTP', uftp5: 'UFTP', bjnp: 'BJNP', oicq: 'OICQ', wow: 'WorldOfWarcraft', steam_ihs_discovery: 'Steam', tivoconnect: 'TiVoConnect', 'tplink-smarthome': 'TPLINK_SHP', 'db-lsp-disc': 'Dropbox',
  rtps: 'RTPS', lustre: 'Lustre', lnet: 'Lustre', cpha: 'CPHA', cnip: 'CNP-IP', esio: 'EtherSIO', z3950: 'Z3950', pgm: 'PGM', lisp: 'LISP', can: 'Controller_Area_Network',
  uds: 'UDS', someip: 'SOMEIP', doip: 'DoIP', zmtp: 'ZeroMQ', cups: 'IPP', ipp: 'IPP', gearman: 'Gearman', dof: 'DOF', nmea: 'NMEA_0183', tsp: 'TimeSync',
};

/** By destination port, where no payload told (nDPI calls it a match by port). */
const BY_PORT: Readonly<Record<'tcp' | 'udp', Readonly<Record<number, string>>>> = {
  tcp: {
    20: 'FTP_DATA', 21: 'FTP_CONTROL', 22: 'SSH', 23: 'Telnet', 25: 'SMTP', 53: 'DNS', 80: 'HTTP', 88: 'Kerberos', 110: 'POP3', 119: 'Usenet', 135: 'DCERPC', 139: 'NetBIOS', 143: 'IMAP', 179: 'BGP',
    389: 'LDAP', 443: 'TLS', 445: 'SMBv23', 465: 'SMTPS', 502: 'Modbus', 554: 'RTSP', 587: 'SMTP', 631: 'IPP', 636: 'LDAPS', 873: 'RSYNC', 993: 'IMAPS', 995: 'POPS', 1080: 'SOCKS', 1433: 'MsSQL-TDS',
    1521: 'Oracle', 1720: 'H323', 1723: 'PPTP', 1883: 'MQTT', 1935: 'RTMP', 2049: 'NFS', 3128: 'HTTP_Proxy', 3306: 'MySQL', 3389: 'RDP', 5060: 'SIP', 5222: 'Jabber', 5432: 'PostgreSQL', 5672: 'AMQP',
    5900: 'VNC', 6379: 'Redis', 6667: 'IRC', 8009: 'AJP', 8080: 'HTTP', 8883: 'MQTTS', 9042: 'Cassandra', 9092: 'Kafka', 11211: 'Memcached', 20000: 'DNP3', 27017: 'MongoDB', 44818: 'EthernetIP',
  },
  udp: {
    53: 'DNS', 67: 'DHCP', 68: 'DHCP', 69: 'TFTP', 88: 'Kerberos', 123: 'NTP', 137: 'NetBIOS', 138: 'NetBIOS', 161: 'SNMP', 162: 'SNMP', 389: 'LDAP', 443: 'QUIC', 500: 'IPSec', 514: 'Syslog', 520: 'RIP',
    546: 'DHCPV6', 547: 'DHCPV6', 1194: 'OpenVPN', 1645: 'Radius', 1646: 'Radius', 1701: 'L2TP', 1812: 'Radius', 1813: 'Radius', 1900: 'SSDP', 2055: 'NetFlow', 2123: 'GTP', 2152: 'GTP', 3478: 'STUN',
    4500: 'IPSec', 4739: 'NetFlow', 4789: 'VXLAN', 5060: 'SIP', 5246: 'CAPWAP', 5247: 'CAPWAP', 5353: 'MDNS', 5355: 'LLMNR', 6343: 'sFlow', 9996: 'NetFlow', 47808: 'BACnet', 51820: 'WireGuard',
  },
};

/** Applications over TLS that have a name of their own, by port. */
const OVER_TLS: Readonly<Record<number, string>> = { 465: 'SMTPS', 563: 'Usenet', 636: 'LDAPS', 989: 'FTPS', 990: 'FTPS', 993: 'IMAPS', 995: 'POPS', 8883: 'MQTTS' };

/** Services by the registered part of their host names. */
const SERVICES: readonly (readonly [service: string, hosts: string])[] = [
  ['YouTube', 'youtube.com youtu.be ytimg.com googlevideo.com youtube-nocookie.com'], ['GMail', 'gmail.com mail.google.com googlemail.com'], ['GoogleMaps', 'maps.google.com maps.gstatic.com maps.googleapis.com'],
  ['GoogleDocs', 'docs.google.com googleusercontent.com'], ['GoogleDrive', 'drive.google.com'], ['PlayStore', 'play.google.com android.clients.google.com'], ['ADS_Analytic_Track', 'doubleclick.net google-analytics.com googlesyndication.com googletagmanager.com adnxs.com scorecardresearch.com'],
  ['GoogleServices', 'googleapis.com gstatic.com gvt1.com gvt2.com ggpht.com crashlytics.com android.com'], ['Google', 'google.com google.de google.it google.fr google.co.uk'],
  ['Facebook', 'facebook.com facebook.net fbcdn.net fb.com'], ['FacebookMessenger', 'messenger.com edge-chat.facebook.com'], ['Instagram', 'instagram.com cdninstagram.com'], ['WhatsApp', 'whatsapp.com whatsapp.net'],
  ['Twitter', 'twitter.com twimg.com t.co x.com'], ['LinkedIn', 'linkedin.com licdn.com'], ['Snapchat', 'snapchat.com sc-cdn.net snap-dev.net'], ['TikTok', 'tiktok.com tiktokcdn.com tiktokv.com'], ['Pinterest', 'pinterest.com pinimg.com'],
  ['Reddit', 'reddit.com redd.it redditmedia.com'], ['Tumblr', 'tumblr.com'], ['Telegram', 'telegram.org t.me'], ['Signal', 'signal.org whispersystems.org'], ['Viber', 'viber.com'], ['Line', 'line.me line-apps.com line-scdn.net'], ['WeChat', 'wechat.com weixin.qq.com'],
  ['QQ', 'qq.com gtimg.cn'], ['Discord', 'discord.com discordapp.com discord.gg discord.media'], ['Slack', 'slack.com slack-edge.com'], ['Zoom', 'zoom.us zoomgov.com'], ['Webex', 'webex.com'], ['Teams', 'teams.microsoft.com teams.live.com'], ['Skype_Teams', 'skype.com lync.com'],
  ['Microsoft365', 'office.com office365.com office.net sharepoint.com onenote.com'], ['Outlook', 'outlook.com outlook.office365.com hotmail.com live.com'], ['MS_OneDrive', 'onedrive.com onedrive.live.com'], ['WindowsUpdate', 'windowsupdate.com update.microsoft.com'],
  ['Azure', 'azure.com azure.net azureedge.net windows.net azurewebsites.net'], ['Xbox', 'xboxlive.com xbox.com'], ['Bing', 'bing.com'], ['Microsoft', 'microsoft.com msftncsi.com msn.com msedge.net msftconnecttest.com'],
  ['AppleiCloud', 'icloud.com icloud-content.com'], ['AppleiTunes', 'itunes.apple.com mzstatic.com'], ['ApplePush', 'push.apple.com'], ['AppleSiri', 'guzzoni.apple.com'], ['AppleStore', 'apps.apple.com'], ['Apple', 'apple.com aaplimg.com cdn-apple.com'],
  ['NetFlix', 'netflix.com nflxvideo.net nflximg.net nflxso.net nflxext.com'], ['AmazonVideo', 'primevideo.com aiv-cdn.net'], ['AmazonAlexa', 'alexa.amazon.com avs-alexa-na.amazon.com'], ['AmazonAWS', 'amazonaws.com cloudfront.net'], ['Amazon', 'amazon.com amazon.de amazon.co.uk'],
  ['Spotify', 'spotify.com scdn.co'], ['Deezer', 'deezer.com'], ['SoundCloud', 'soundcloud.com sndcdn.com'], ['Twitch', 'twitch.tv ttvnw.net jtvnw.net'], ['DisneyPlus', 'disneyplus.com disney-plus.net bamgrid.com'], ['Dazn', 'dazn.com'], ['Hulu', 'hulu.com'], ['Vimeo', 'vimeo.com vimeocdn.com'], ['Zattoo', 'zattoo.com'],
  ['Steam', 'steampowered.com steamcommunity.com steamstatic.com steamcontent.com'], ['EpicGames', 'epicgames.com epicgames.dev unrealengine.com'], ['GeForceNow', 'geforcenow.com nvidiagrid.net'], ['Playstation', 'playstation.com playstation.net'], ['Nintendo', 'nintendo.net nintendo.com'], ['RiotGames', 'riotgames.com'],
  ['Github', 'github.com githubusercontent.com githubassets.com'], ['GitLab', 'gitlab.com'], ['Wikipedia', 'wikipedia.org wikimedia.org'], ['Yahoo', 'yahoo.com yimg.com'], ['Yandex', 'yandex.ru yandex.net yandex.com'], ['Dropbox', 'dropbox.com dropboxstatic.com'], ['Cloudflare', 'cloudflare.com cloudflare.net'],
  ['CloudflareWarp', 'cloudflareclient.com'], ['Alibaba', 'alibaba.com alicdn.com aliyun.com taobao.com'], ['Xiaomi', 'xiaomi.com mi.com miui.com'], ['Tor', 'torproject.org'], ['ProtonVPN', 'protonvpn.com protonvpn.ch'], ['NordVPN', 'nordvpn.com'], ['Mullvad', 'mullvad.net'], ['TunnelBear', 'tunnelbear.com'],
  ['PrivateInternetAccess', 'privateinternetaccess.com'], ['DoH_DoT', 'dns.google cloudflare-dns.com dns.quad9.net doh.opendns.com'], ['TeamViewer', 'teamviewer.com'], ['AnyDesk', 'anydesk.com'], ['Salesforce', 'salesforce.com force.com'], ['OpenDNS', 'opendns.com'], ['Pluralsight', 'pluralsight.com'], ['UbuntuONE', 'ubuntu.com launchpad.net'],
  ['Baidu', 'baidu.com bdstatic.com'], ['VK', 'vk.com'], ['eBay', 'ebay.com ebaystatic.com'], ['Etsy', 'etsy.com'], ['PayPal', 'paypal.com'], ['Crashlytics', 'crashlytics.com'], ['ntop', 'ntop.org'],
];

const serviceOf = new Map(SERVICES.flatMap(([service, hosts]) => hosts.split(' ').map((host) => [host, service] as const)).reverse());

/** The service that a host name belongs to, by its longest known ending; undefined where none is known. */
export function serviceOfHost(host: string): string | undefined {
  let name = host.toLowerCase().replace(/\.$/, '');
  while (name !== '') {
    const found = serviceOf.get(name);
    if (found !== undefined) return found;
    const dot = name.indexOf('.');
    if (dot < 0) return undefined;
    name = name.slice(dot + 1);
  }
  return undefined;
}

/** Name of the application of a dissected protocol; undefined for protocols without one. */
export function applicationOfProtocol(protocol: string): string | undefined {
  return BY_PROTOCOL[protocol];
}

/** Name of TLS on a port that belongs to one application, `TLS` elsewhere. */
export function applicationOverTls(port: number): string {
  return OVER_TLS[port] ?? 'TLS';
}

/** The application that a port stands for; undefined where it stands for none. */
export function applicationOfPort(transport: 'tcp' | 'udp', port: number): string | undefined {
  return BY_PORT[transport][port];
}
