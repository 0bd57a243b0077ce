import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { compileFilter } from '../filter/compile-filter.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from './demand.ts';
import { FrameHead } from './frame-head.ts';
import { Packet } from './packet.ts';
import { protocols } from './protocols.generated.ts';
import { Registry } from './registry.ts';

const ETH = '020000000002020000000001';
const UDP = '9c40270f000d000068656c6c6f';
const len = (hex: string, more = 0): string => (hex.length / 2 + more).toString(16).padStart(4, '0');
const ip4 = (proto: string, payload: string): string => `4500${len(payload, 20)}0001000040${proto}0000c0000201c6336402${payload}`;
const ip6 = (next: string, payload: string): string => `60000000${len(payload)}${next}4020010db800000000000000000000000120010db8000000000000000000000002${payload}`;
const udp = (port: string, payload: string): string => `c000${port}${len(payload, 8)}0000${payload}`;
const INNER = { 'IPv4': ip4('11', UDP), 'IPv6': ip6('11', UDP) } as const;
const type = (family: string): string => (family === 'IPv4' ? '0800' : '86dd');
const name = (family: string): string => (family === 'IPv4' ? 'ip' : 'ipv6');

/** Link type, bytes and the layers that must come out, for a packet of either family inside. */
const TUNNELS: readonly (readonly [title: string, link: number, bytes: (inner: string, family: string) => string, layers: string, filter: string])[] = [
  ['MPLS with two labels', 1, (inner) => `${ETH}8847${'00064040'}${'000c8140'}${inner}`, 'eth:ethertype:mpls', 'mpls.label == 200 && mpls.bottom == 1'],
  ['an MPLS pseudowire', 1, (inner, f) => `${ETH}8847${'00064140'}00000000${ETH}${type(f)}${inner}`, 'eth:ethertype:mpls:eth:ethertype', 'count(eth) == 2'],
  ['PPPoE', 1, (inner, f) => `${ETH}886411000007${len(inner, 2)}${f === 'IPv4' ? '0021' : '0057'}${inner}`, 'eth:ethertype:pppoes:ppp', 'pppoe.session_id == 7'],
  ['PPP with address and control', 9, (inner, f) => `ff03${f === 'IPv4' ? '0021' : '0057'}${inner}`, 'ppp', 'ppp.address == 0xff'],
  ['PPP with a compressed protocol', 50, (inner, f) => `${f === 'IPv4' ? '21' : '57'}${inner}`, 'ppp', 'ppp.protocol in {0x21, 0x57}'],
  ['Cisco HDLC', 104, (inner, f) => `0f00${type(f)}${inner}`, 'chdlc', 'chdlc.address == 0x0f'],
  ['MPLS over Cisco HDLC', 104, (inner) => `0f008847${'000c8140'}${inner}`, 'chdlc:mpls', 'mpls.label == 200'],
  ['Ethernet under the head of a Juniper router', 178, (inner, f) => `4d4743800003030101${ETH}${type(f)}${inner}`, 'juniper:eth:ethertype', 'juniper.magic-number == 0x4d4743'],
  ['IP alone under the head of a Juniper router', 178, (inner) => `4d47430200000000${inner}`, 'juniper', 'juniper.magic-number == 0x4d4743'],
  ['GRE with key and sequence number', 1, (inner, f) => `${ETH}0800${ip4('2f', `3000${type(f)}0000002a00000001${inner}`)}`, 'eth:ethertype:ip:gre', 'gre.key == 42 && gre.sequence_number == 1'],
  ['GRE with Ethernet, over IPv6', 1, (inner, f) => `${ETH}86dd${ip6('2f', `00006558${ETH}${type(f)}${inner}`)}`, 'eth:ethertype:ipv6:gre:eth:ethertype', 'gre.proto == 0x6558'],
  ['ERSPAN of type II', 1, (inner, f) => `${ETH}0800${ip4('2f', `100088be00000001${'1064000500000000'}${ETH}${type(f)}${inner}`)}`, 'eth:ethertype:ip:gre:erspan:eth:ethertype', 'erspan.spanid == 5 && erspan.vlan == 100'],
  ['VXLAN', 1, (inner, f) => `${ETH}0800${ip4('11', udp('12b5', `0800000000007b00${ETH}${type(f)}${inner}`))}`, 'eth:ethertype:ip:udp:vxlan:eth:ethertype', 'vxlan.vni == 123'],
  ['Geneve with an option', 1, (inner, f) => `${ETH}86dd${ip6('11', udp('17c1', `01006558${'00007b00'}00000000${ETH}${type(f)}${inner}`))}`, 'eth:ethertype:ipv6:udp:geneve:eth:ethertype', 'geneve.vni == 123'],
  ['GTP with an extension header', 1, (inner) => `${ETH}0800${ip4('11', udp('0868', `34ff${len(inner, 8)}00000007${'00000085'}${'01001000'}${inner}`))}`, 'eth:ethertype:ip:udp:gtp', 'gtp.teid == 7'],
  ['L2TP', 1, (inner, f) => `${ETH}0800${ip4('11', udp('06a5', `4002${len(inner, 12)}00070009ff03${f === 'IPv4' ? '0021' : '0057'}${inner}`))}`, 'eth:ethertype:ip:udp:l2tp:ppp', 'l2tp.tunnel == 7 && l2tp.session == 9'],
  ['AYIYA', 1, (inner, f) => `${ETH}0800${ip4('11', udp('13d0', `4${'1'}52${'11'}${f === 'IPv4' ? '04' : '29'}00000001${'20010db8000000000000000000000009'}${'00'.repeat(20)}${inner}`))}`, 'eth:ethertype:ip:udp:ayiya', 'ayiya.epoch == 1'],
  ['an authentication header', 1, (inner, f) => `${ETH}86dd${ip6('33', `${f === 'IPv4' ? '04' : '29'}0400000000002a00000001${'00'.repeat(12)}${inner}`)}`, 'eth:ethertype:ipv6:ah', 'ah.spi == 42'],
  ['Cisco HDLC under the number of PPP', 9, (inner, f) => `8f00${type(f)}${inner}`, 'ppp:chdlc', 'chdlc.address == 0x8f'],
  ['Frame Relay', 107, (inner, f) => `184103${f === 'IPv4' ? 'cc' : '8e'}${inner}`, 'fr', 'fr.dlci == 100'],
  ['FDDI', 10, (inner, f) => `50${ETH}aaaa03000000${type(f)}${inner}`, 'fddi:llc', 'fddi.fc == 0x50'],
  ['NFLOG', 239, (inner, f) => `${f === 'IPv4' ? '02' : '0a'}000001${'0800'}0a00${'61626300'}${(inner.length / 2 + 4).toString(16).padStart(2, '0')}000900${inner}`, 'nflog', 'nflog.prefix == "abc"'],
  ['802.11 under a radiotap head', 127, (inner, f) => `00000900000000000088010000${'020000000001'}${'020000000002'}${'020000000003'}00000000aaaa03000000${type(f)}${inner}`, 'radiotap:wlan_radio:wlan:llc', 'wlan.fc.type_subtype == 0x28 && wlan.sa == 02:00:00:00:00:02'],
  ['PPI', 192, (inner, f) => `0000080001000000${ETH}${type(f)}${inner}`, 'ppi:eth:ethertype', 'ppi.dlt == 1'],
  ['PKTAP', 258, (inner, f) => `6c0000000100000001000000656e3000${'00'.repeat(92)}${ETH}${type(f)}${inner}`, 'pktap:eth:ethertype', 'pktap.ifname == "en0"'],
  ['FabricPath', 1, (inner, f) => `${ETH}89030060${ETH}${type(f)}${inner}`, 'eth:ethertype:cfp:eth:ethertype', 'cfp.ttl == 32'],
  ['a VN tag', 1, (inner, f) => `${ETH}892600010002${type(f)}${inner}`, 'eth:ethertype:vntag:ethertype', 'vntag.src == 2'],
  ['MACsec without encryption', 1, (inner, f) => `${ETH}88e50000000000${'07'}${type(f)}${inner}${'00'.repeat(16)}`, 'eth:ethertype:macsec:ethertype', 'macsec.PN == 7'],
  ['a network service header', 1, (inner, f) => `${ETH}894f000201${f === 'IPv4' ? '01' : '02'}00000aff${inner}`, 'eth:ethertype:nsh', 'nsh.spi == 10'],
  ['a provider backbone tag', 1, (inner, f) => `${ETH}88e700000064${ETH}${type(f)}${inner}`, 'eth:ethertype:ieee8021ah:ethertype', 'ieee8021ah.isid == 100'],
];

function reader(fields: readonly string[]): (hex: string, link: number, caplen?: number) => Packet {
  const registry = new Registry(protocols);
  const packet = new Packet(registry, new Demand(registry, fields.map((f) => registry.find(f)?.id ?? -1)), nodeHost);
  const head = new FrameHead();
  return (hex, link, caplen) => {
    const bytes = fromHex(hex) ?? new Uint8Array(0);
    Object.assign(head, { bytes, at: 0, caplen: caplen ?? bytes.length, wireLen: bytes.length, seconds: 1, nanoseconds: 0, linkType: link });
    packet.begin(head);
    packet.walk();
    return packet;
  };
}

for (const [title, link, bytes, layers, text] of TUNNELS) {
  test(`${title} is looked through, with either family inside`, () => {
    const registry = new Registry(protocols);
    for (const [family, inner] of Object.entries(INNER)) {
      const filter = compileFilter(`${text} && udp.dstport == 9999 && ${name(family)}.src`, registry);
      const read = reader([...filter.fields.map((f) => f.name), 'frame.protocols']);
      const p = read(bytes(inner, family), link);
      const id = registry.find('frame.protocols')?.id ?? -1;
      assert.equal(p.row.text(id, 0), `${layers}:${name(family)}:udp:data`);
      assert.equal(filter.matches(p.row), true);
    }
  });
  test(`${title} cut anywhere by the capture is never malformed`, () => {
    const read = reader(['_ws.malformed']);
    const registry = new Registry(protocols);
    const malformed = registry.find('_ws.malformed')?.id ?? -1;
    for (const [family, inner] of Object.entries(INNER)) {
      const hex = bytes(inner, family);
      for (let caplen = 0; caplen <= hex.length / 2; caplen++) assert.equal(read(hex, link, caplen).row.count(malformed), 0, `${family} at ${caplen}`);
    }
  });
}

test('a Teredo packet shows the origin that a relay wrote into it', () => {
  const registry = new Registry(protocols);
  const filter = compileFilter('teredo.orig.port == 4660 && ipv6.src == 2001:db8::1', registry);
  const p = reader(filter.fields.map((f) => f.name))(`${ETH}0800${ip4('11', udp('0dd8', `0000edcb3fffdfde${INNER.IPv6}`))}`, 1);
  assert.equal(filter.matches(p.row), true);
});
