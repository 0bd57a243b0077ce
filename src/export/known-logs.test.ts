import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { captureOf, tcp, udp } from '../../test/support/tiny-capture.ts';
import { Networks } from '../model/index.ts';
import { allLogColumns, analyzeFileSync } from '../pipeline/analyze-file.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { eve } from './logs/eve.ts';
import { KnownLogs } from './known-logs.ts';
import { parseSoftware } from './software-version.ts';
import { zeekColumns, type ZeekRow } from './zeek-logs.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-known-'));
after(() => rmSync(dir, { recursive: true }));

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.71 Safari/537.36';
const web = (port: number): Buffer[] => tcp(port, 80, [[true, `GET / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: ${AGENT}\r\n\r\n`], [false, 'HTTP/1.1 204 No\r\nServer: nginx/1.24.0\r\n\r\n']]);
const file = path.join(dir, 'known.pcap');
writeFileSync(file, captureOf([
  ...web(40_001), ...web(40_002), ...tcp(40_003, 22, [[false, 'SSH-2.0-OpenSSH_9.6p1\r\n'], [true, 'SSH-2.0-dropbear_2022.83\r\n']]), udp(53, '000101000001000000000000016104746573740000010001'),
]));

function rowsOf(known: KnownLogs): ZeekRow[] {
  const rows: ZeekRow[] = [];
  analyzeFileSync(file, { flow: (f) => void rows.push(...known.flow(f)), record: (r) => void rows.push(...known.record(r)) });
  return rows;
}

test('hosts, services and programs of the own networks are told once, with as many values as their log has columns', () => {
  const rows = rowsOf(new KnownLogs(new Networks([{ cidr: '192.0.2.0/24', site: 'x' }])));
  for (const row of rows) assert.equal(row.values.length, zeekColumns(row.path, { host: nodeHost, columns: {} }).length, row.path);
  const told = (log: string): unknown[] => rows.filter((r) => r.path === log).map((r) => r.values.slice(1)).sort((a, b) => (String(a) < String(b) ? -1 : 1));
  assert.deepEqual(told('known_hosts'), [['192.0.2.1'], ['192.0.2.2']]);
  assert.deepEqual(told('known_services'), [['192.0.2.2', 22, 'tcp', ['SSH']], ['192.0.2.2', 80, 'tcp', ['HTTP']]]);
  assert.deepEqual(told('software'), [
    ['192.0.2.1', null, 'HTTP::BROWSER', 'Chrome', 120, 0, 6099, 71, null, AGENT],
    ['192.0.2.1', null, 'SSH::CLIENT', 'dropbear', 2022, 83, null, null, null, 'dropbear_2022.83'],
    ['192.0.2.2', 22, 'SSH::SERVER', 'OpenSSH', 9, 6, null, null, 'p1', 'OpenSSH_9.6p1'],
    ['192.0.2.2', 80, 'HTTP::SERVER', 'nginx', 1, 24, 0, null, null, 'nginx/1.24.0'],
  ]);
});

test('hosts of other networks are not told', () => {
  assert.deepEqual(rowsOf(new KnownLogs(new Networks([]))), []);
});

test('a program is read by its name and numbers, and by its first word where it has none', () => {
  const read = (text: string): unknown[] => {
    const { name, numbers, addl } = parseSoftware(text);
    return [name, numbers.join('.'), addl];
  };
  assert.deepEqual(read('curl/8.5.0'), ['curl', '8.5.0', null]);
  assert.deepEqual(read('Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0'), ['Firefox', '121.0', null]);
  assert.deepEqual(read('Apache'), ['Apache', '', null]);
  assert.deepEqual(read('Python-urllib/3.11'), ['Python-urllib', '3.11', null]);
  assert.deepEqual(read('nginx/1.2.3-beta (Ubuntu)'), ['nginx', '1.2.3', 'beta']);
});

test("EVE's event of an SSH connection has both sides' versions in its parts", () => {
  const writer = eve.create({ host: nodeHost, columns: allLogColumns() });
  const events: { ssh?: unknown }[] = [];
  analyzeFileSync(file, { flow: () => {}, record: (r) => void events.push(...writer.record(r).map((l) => JSON.parse(l.text) as { ssh?: unknown })) });
  assert.deepEqual(events.flatMap((e) => e.ssh ?? []), [{ client: { proto_version: '2.0', software_version: 'dropbear_2022.83' }, server: { proto_version: '2.0', software_version: 'OpenSSH_9.6p1' } }]);
});
