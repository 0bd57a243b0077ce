// Makes test/golden/web in one network namespace: HTTP/2 with and without TLS, TLS 1.2 and 1.3 with their secrets in the capture, WebSocket,
// a proxy's tunnel, forms, parts and JSON (Node), DTLS (openssl), a shell's greeting and offer (ssh), and datagrams of QUIC 1 and 2, SIP with
// SDP, RTP, RTCP and STUN that this script builds. The expected values are tshark's.
// Run as root: node scripts/captures/web.ts
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const SPACE = 'wwweb';
const out = path.resolve(import.meta.dirname, '../../test/golden/web');
const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const scratch = mkdtempSync(path.join(os.tmpdir(), 'ww-web-'));
const keyLog = path.join(scratch, 'keys.txt');

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
}

function attempt(command: string, ...args: string[]): void {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 8000 });
  } catch {
    // its packets are on the wire all the same
  }
}

run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365', '-keyout', `${scratch}/key.pem`, '-out', `${scratch}/cert.pem`,
  '-subj', '/C=AT/O=Example Organisation/CN=web.test', '-addext', 'subjectAltName=DNS:web.test,IP:192.0.2.2', '-addext', 'keyUsage=digitalSignature', '-addext', 'extendedKeyUsage=serverAuth');
attempt('ip', 'netns', 'del', SPACE);
const children: ChildProcess[] = [];
const inside = (...args: string[]): ChildProcess => {
  const child = spawn('ip', ['netns', 'exec', SPACE, ...args], { stdio: 'ignore' });
  children.push(child);
  return child;
};
try {
  run('ip', 'netns', 'add', SPACE);
  run('ip', '-n', SPACE, 'link', 'set', 'lo', 'up');
  for (const address of ['192.0.2.1/32', '192.0.2.2/32']) run('ip', '-n', SPACE, 'address', 'add', address, 'dev', 'lo');
  const recorder = inside('tcpdump', '-i', 'lo', '-s', '0', '-U', '-w', `${scratch}/raw.pcap`);
  await wait(1500);
  const program = path.resolve(import.meta.dirname, 'web-traffic.ts');
  execFileSync('ip', ['netns', 'exec', SPACE, process.execPath, program, scratch, keyLog], { stdio: 'inherit', timeout: 60_000 });
  inside('openssl', 's_server', '-dtls1_2', '-accept', '4433', '-cert', `${scratch}/cert.pem`, '-key', `${scratch}/key.pem`, '-quiet');
  await wait(800);
  attempt('ip', 'netns', 'exec', SPACE, 'timeout', '2', 'openssl', 's_client', '-dtls1_2', '-connect', '192.0.2.2:4433', '-servername', 'web.test');
  await wait(800);
  recorder.kill('SIGINT');
  await wait(800);
} finally {
  for (const child of children) child.kill('SIGKILL');
  attempt('ip', 'netns', 'del', SPACE);
}
const capture = path.join(out, 'input.pcap');
run('editcap', '-F', 'pcapng', '--inject-secrets', `tls,${keyLog}`, `${scratch}/raw.pcap`, capture);
const rows = execFileSync('tshark', ['-n', '-r', capture, '-T', 'fields', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] })
  .split('\n').slice(0, -1);
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v]).filter(([, v]) => v !== '')))}\n`).join(''));
writeFileSync(path.join(out, 'SOURCE.md'), `# web\n\nMade by \`scripts/captures/web.ts\` (Node, openssl, ssh, and datagrams that the script builds; one namespace).\nThe expected values are those of ${run('tshark', '--version').split('\n')[0]}, one pass, default preferences.\n`);
rmSync(scratch, { recursive: true, force: true });
