// A filter reads only the fields that it names, and trackers run only where a named field needs them: whatever is read beside it,
// it must take the same packets.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { compileFilter } from '../../src/filter/compile-filter.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { FrameHead } from '../../src/wire/frame-head.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const registry = new Registry(protocols);
const capture = path.resolve(import.meta.dirname, '../../demo/office.pcapng');
const FILTERS = [
  'frame.len > 100', 'frame.number % 2 == 0', 'frame.time_delta > 0.1', 'frame.protocols contains "http"', 'frame contains "example"', 'eth.dst == ff:ff:ff:ff:ff:ff', 'arp', 'ip', 'ip.addr == 10.20.0.21', 'ip.src == ip.dst', 'count(ip.addr) > 2', 'ip.ttl < 64',
  'ipv6', 'ipv6.addr == fd20::/64', 'icmp', 'icmp.type == 8', 'icmpv6.type == 135', 'tcp', 'tcp.port == 80', 'tcp.flags.syn == 1 && tcp.flags.ack == 0', 'tcp.seq == 0', 'tcp.stream == 3', 'tcp.len > 0', 'tcp.analysis.flags', 'tcp.payload contains "HTTP"', 'tcp.options.mss',
  'tcp.window_size < 1024', 'udp', 'udp.port == 53', 'udp.stream == 1', 'dns', 'dns.qry.name contains "example"', 'dns.time < 1', 'http', 'http.request', 'http.response.code >= 400', 'http.time < 1', 'tls', 'tls.handshake.type == 1', 'tls.handshake.ja3', 'data', '_ws.expert', '_ws.malformed',
];

function framesOf(texts: readonly string[]): Map<string, number[]> {
  const filters = texts.map((t) => compileFilter(t, registry));
  const packet = new Packet(registry, new Demand(registry, filters.flatMap((f) => f.uses)), nodeHost);
  const found = new Map<string, number[]>(texts.map((t) => [t, []]));
  readCaptureSync(capture, new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    for (const f of filters) if (f.matches(packet.row)) found.get(f.text)?.push(packet.frame);
  }));
  return found;
}

const together = framesOf(FILTERS);

for (const filter of FILTERS) {
  test(`"${filter}" alone takes the packets that it takes beside all others`, () => {
    assert.deepEqual(framesOf([filter]).get(filter), together.get(filter));
  });
}

test('the packet that an ICMP error quotes counts for filters on its addresses and ports alone', () => {
  // Port unreachable from 192.0.2.1 to 198.51.100.2, quoting UDP from port 40000 to 9999; the same from 2001:db8::1 to 2001:db8::2.
  const errors = [
    '0200000000020200000000010800' + '450000380001000040010000c0000201c6336402' + '0303000000000000' + '45000021000100004011' + '0000c6336402c0000201' + '9c40270f000d0000',
    '02000000000202000000000186dd' + '6000000000383a4020010db800000000000000000000000120010db8000000000000000000000002' + '0104000000000000' + '60000000000d114020010db800000000000000000000000220010db8000000000000000000000001' + '9c40270f000d0000',
  ];
  for (const [i, hex] of errors.entries()) {
    for (const filter of ['udp', 'udp.dstport == 9999', i === 0 ? 'count(ip.addr) > 2' : 'count(ipv6.addr) > 2', i === 0 ? 'ip.src == 198.51.100.2' : 'ipv6.src == 2001:db8::2']) {
      const f = compileFilter(filter, registry);
      const packet = new Packet(registry, new Demand(registry, f.uses), nodeHost);
      const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
      packet.begin(Object.assign(new FrameHead(), { bytes, caplen: bytes.length, wireLen: bytes.length, seconds: 1 }));
      packet.walk();
      assert.equal(f.matches(packet.row), true, `${filter} ${i}`);
    }
  }
});
