// The frame driver (order of arrival, fields of frames) and the stream driver (order of sequence, records of flows) share the head
// parsers of their protocols. Over the golden captures they must see the same transactions.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import type { ProtocolRecord } from '../../src/model/index.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const golden = path.resolve(import.meta.dirname, '../golden');
const captures = readdirSync(golden).filter((name) => existsSync(path.join(golden, name, 'input.pcap')));
const NAMES = ['dns.id', 'dns.flags.response', 'dns.qry.name', 'http.request.method', 'http.request.uri', 'http.response.code', 'tls.handshake.ja3', 'tls.handshake.ja4',
  'tls.handshake.extensions_server_name', 'tls.handshake.certificate', 'dhcp.id', 'dhcp.option.dhcp'];

function records(file: string): ProtocolRecord[] {
  const out: ProtocolRecord[] = [];
  analyzeFileSync(file, { flow: () => {}, record: (r) => out.push(r) });
  return out;
}

/** Values that the frame driver sees, by field, over the whole capture. */
function values(file: string): Map<string, string[]> {
  const registry = new Registry(protocols);
  const fields = NAMES.map((n) => registry.find(n)!);
  const [dtls, quic] = ['dtls', 'quic'].map((n) => registry.id(n));
  const packet = new Packet(registry, new Demand(registry, fields.map((f) => f.id), { track: true }), nodeHost);
  const out = new Map<string, string[]>(NAMES.map((n) => [n, []]));
  const framer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    // Handshakes over datagrams have no records; nor has what was decrypted, the stream driver has no keys.
    const isDatagram = packet.layers.id.subarray(0, packet.layers.count).some((id) => id === dtls || id === quic);
    const isDecrypted = (field: number, i: number): boolean => packet.sourceKinds[packet.row.sources.indexOf(packet.row.source(field, i))] === 'decrypted';
    for (const f of fields) {
      if (isDatagram && f.name.startsWith('tls.')) continue;
      for (let i = 0; i < packet.row.count(f.id); i++) if (!isDecrypted(f.id, i)) out.get(f.name)!.push(f.type === 'string' ? packet.row.text(f.id, i) : f.type === 'bytes' ? String(packet.row.len(f.id, i)) : String(packet.row.num(f.id, i)));
    }
  });
  readCaptureSync(file, framer);
  return out;
}

for (const name of captures) {
  const file = path.join(golden, name, 'input.pcap');

  test(`both drivers see the same transactions in ${name}`, () => {
    const seen = records(file);
    const frames = values(file);
    const dns = seen.filter((r) => r.kind === 'dns');
    const responses = frames.get('dns.flags.response')!;
    assert.equal(dns.filter((r) => r.queryFrame !== null).length, responses.filter((v) => v === '0').length, 'queries');
    assert.equal(dns.filter((r) => r.responseFrame !== null).length, responses.filter((v) => v === '1').length, 'responses');
    assert.deepEqual(new Set(dns.map((r) => r.query)), new Set(frames.get('dns.qry.name')));
    const http = seen.filter((r) => r.kind === 'http').toSorted((a, b) => (a.requestFrame ?? 0) - (b.requestFrame ?? 0));
    assert.deepEqual(http.map((r) => r.method), frames.get('http.request.method'));
    assert.deepEqual(http.map((r) => r.uri), frames.get('http.request.uri'));
    assert.deepEqual(http.filter((r) => r.statusCode !== null).map((r) => String(r.statusCode)), frames.get('http.response.code'));
    const tls = seen.filter((r) => r.kind === 'tls').toSorted((a, b) => (a.clientHelloFrame ?? 0) - (b.clientHelloFrame ?? 0));
    assert.deepEqual(tls.map((r) => r.ja3), frames.get('tls.handshake.ja3'));
    assert.deepEqual(tls.map((r) => r.ja4), frames.get('tls.handshake.ja4'));
    assert.deepEqual(tls.flatMap((r) => r.serverName ?? []), frames.get('tls.handshake.extensions_server_name'));
    assert.equal(tls.reduce((n, r) => n + r.certificates.length, 0), frames.get('tls.handshake.certificate')!.length);
    const dhcp = seen.filter((r) => r.kind === 'dhcp');
    assert.equal(dhcp.reduce((n, r) => n + r.messages.length, 0), frames.get('dhcp.option.dhcp')!.length);
  });

  test(`${name} read twice gives the same records, byte for byte`, () => {
    const once = records(file).map((r) => canonicalJson(r)).join('\n');
    assert.equal(records(file).map((r) => canonicalJson(r)).join('\n'), once);
  });
}

test('the golden captures hold every protocol that has records, in both families', () => {
  const all = captures.flatMap((name) => records(path.join(golden, name, 'input.pcap')));
  for (const kind of ['dns', 'http', 'tls'] as const) {
    assert.ok(all.some((r) => r.kind === kind && r.srcIp.startsWith('00000000000000000000ffff')), `${kind} over IPv4`);
    assert.ok(all.some((r) => r.kind === kind && r.srcIp.startsWith('20010db8')), `${kind} over IPv6`);
  }
  assert.ok(all.some((r) => r.kind === 'dhcp'));
});
