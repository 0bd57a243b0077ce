// Makes test/golden/basics from real programs in two network namespaces: ARP, neighbour discovery, ping of both families, fragments,
// a port that nobody listens on, HTTP over both families. The expected values are tshark's.
// Run as root: node scripts/captures/basics.ts
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GOLDEN_FIELDS } from '../../test/golden/golden-fields.ts';

const LEFT = 'wwwire-left';
const RIGHT = 'wwwire-right';
const out = path.resolve(import.meta.dirname, '../../test/golden/basics');
const capture = path.join(out, 'input.pcap');

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The same for programs that may fail: an answer that does not come is what some of the packets are about. */
function attempt(command: string, ...args: string[]): void {
  try {
    run(command, ...args);
  } catch {
    // its packets are on the wire all the same
  }
}

function removeNamespaces(): void {
  for (const name of [LEFT, RIGHT]) attempt('ip', 'netns', 'del', name);
}

mkdirSync(out, { recursive: true });
removeNamespaces();
const children: ChildProcess[] = [];
try {
  for (const name of [LEFT, RIGHT]) run('ip', 'netns', 'add', name);
  run('ip', 'link', 'add', 'wwl', 'address', '02:00:00:00:00:01', 'netns', LEFT, 'type', 'veth', 'peer', 'name', 'wwr', 'address', '02:00:00:00:00:02', 'netns', RIGHT);
  for (const [name, device, host] of [[LEFT, 'wwl', '1'], [RIGHT, 'wwr', '2']]) {
    run('ip', '-n', name, 'addr', 'add', `192.0.2.${host}/24`, 'dev', device);
    run('ip', '-n', name, '-6', 'addr', 'add', `2001:db8::${host}/64`, 'dev', device, 'nodad');
    run('ip', 'netns', 'exec', name, 'ethtool', '-K', device, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off');
    for (const d of ['lo', device]) run('ip', '-n', name, 'link', 'set', d, 'up');
  }
  children.push(spawn('ip', ['netns', 'exec', LEFT, 'tcpdump', '-i', 'wwl', '-n', '-U', '-w', capture], { stdio: 'ignore' }));
  const server = "require('node:http').createServer((q,s)=>s.end('x'.repeat(4000)+q.url)).listen(8080,'::')";
  children.push(spawn('ip', ['netns', 'exec', RIGHT, process.execPath, '-e', server], { stdio: 'ignore' }));
  await wait(1500);
  const left = (...args: string[]): void => attempt('ip', 'netns', 'exec', LEFT, ...args);
  left('ping', '-n', '-c', '2', '-i', '0.2', '192.0.2.2');
  left('ping', '-n', '-c', '2', '-i', '0.2', '2001:db8::2');
  left('ping', '-n', '-c', '1', '-s', '3000', '192.0.2.2');
  left('ping', '-n', '-c', '1', '-s', '3000', '2001:db8::2');
  left('ping', '-n', '-c', '1', '-W', '1', '-t', '1', '192.0.2.99');
  left('dig', '+tries=1', '+time=1', '@192.0.2.2', 'www.example.test', 'A');
  left('dig', '+tries=1', '+time=1', '@2001:db8::2', 'www.example.test', 'AAAA');
  left('curl', '-s', '-o', '/dev/null', 'http://192.0.2.2:8080/one');
  left('curl', '-s', '-g', '-o', '/dev/null', 'http://[2001:db8::2]:8080/two');
  left('curl', '-s', '-o', '/dev/null', 'http://192.0.2.2:8081/nobody');
  await wait(500);
} finally {
  for (const child of children) child.kill();
  await wait(300);
  removeNamespaces();
}

const args = ['-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...GOLDEN_FIELDS.flatMap((f) => ['-e', f])];
const rows = run('tshark', ...args).split('\n').filter((line) => line !== '');
writeFileSync(
  path.join(out, 'expected.jsonl'),
  rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [GOLDEN_FIELDS[i], v]).filter(([, v]) => v !== '')))}\n`).join(''),
);
const version = run('tshark', '--version').split('\n')[0];
writeFileSync(path.join(out, 'SOURCE.md'), `# basics\n\nMade by \`scripts/captures/basics.ts\` (ping, dig, curl, a Node HTTP server; two namespaces joined by a veth pair).\nThe expected values are those of ${version}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
