// Makes test/golden/applications from real programs in two network namespaces: DNS over UDP and TCP (dnsmasq, dig), HTTP with
// lengths, chunks, gzip, redirects and errors (nginx, curl), TLS 1.2 and 1.3 with a refused one (openssl), DHCP (dnsmasq and a small
// client), over both families. The expected values are tshark's.
// Run as root: node scripts/captures/applications.ts
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LEFT = 'wwl7-left';
const RIGHT = 'wwl7-right';
const out = path.resolve(import.meta.dirname, '../../test/golden/applications');
const capture = path.join(out, 'input.pcap');
const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const scratch = mkdtempSync(path.join(os.tmpdir(), 'ww-applications-'));

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The same for programs that may fail: a refusal is what some of the packets are about. */
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

const NGINX = `daemon off; pid ${scratch}/nginx.pid; error_log ${scratch}/error.log; user root;
events {} http { access_log off; client_body_temp_path ${scratch}/b; proxy_temp_path ${scratch}/p; fastcgi_temp_path ${scratch}/f; uwsgi_temp_path ${scratch}/u; scgi_temp_path ${scratch}/s;
gzip on; gzip_types text/plain; gzip_min_length 10; default_type text/plain;
server { listen 80; listen [::]:80; root ${scratch}/www; location /moved { return 302 /text.txt; } location /json { default_type application/json; return 200 '{"a":1}'; }
  location /post { add_header Set-Cookie session=1; return 201 made; } } }`;

/** DISCOVER and REQUEST of one client; the answers are broadcast. */
const DHCP_CLIENT = `
const s = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
const message = (type, more) => { const b = Buffer.alloc(240); b[0] = 1; b[1] = 1; b[2] = 6; b.writeUInt32BE(0x1234abcd, 4); b.writeUInt16BE(0x8000, 10); Buffer.from('020000000001', 'hex').copy(b, 28); b.writeUInt32BE(0x63825363, 236);
  return Buffer.concat([b, Buffer.from([53, 1, type, 12, 6, ...Buffer.from('laptop'), 60, 5, ...Buffer.from('ww-1\\0'), 55, 4, 1, 3, 6, 15, ...more, 255]), Buffer.alloc(20)]); };
s.on('message', (m) => { const type = m[242]; if (type === 2) s.send(message(3, [50, 4, ...m.subarray(16, 20), 54, 4, ...m.subarray(245, 249)]), 67, '255.255.255.255'); else s.close(); });
s.bind(68, () => { s.setBroadcast(true); s.send(message(1, []), 67, '255.255.255.255'); });
setTimeout(() => process.exit(), 4000);`;

mkdirSync(path.join(scratch, 'www'), { recursive: true });
writeFileSync(path.join(scratch, 'www/text.txt'), 'The quick brown fox jumps over the lazy dog.\n'.repeat(300));
writeFileSync(path.join(scratch, 'www/page.html'), '<html><body>hello</body></html>\n'.repeat(200));
writeFileSync(path.join(scratch, 'nginx.conf'), NGINX);
run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-keyout', `${scratch}/key.pem`, '-out', `${scratch}/cert.pem`, '-subj', '/C=AT/O=Example Organisation/CN=web.test',
  '-addext', 'subjectAltName=DNS:web.test,DNS:www.web.test,IP:192.0.2.2');
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
  run('ip', '-n', LEFT, 'route', 'add', '255.255.255.255/32', 'dev', 'wwl');
  const start = (name: string, command: string, ...args: string[]): void => void children.push(spawn('ip', ['netns', 'exec', name, command, ...args], { stdio: 'ignore' }));
  start(LEFT, 'tcpdump', '-i', 'wwl', '-n', '-U', '-w', capture, 'port 53 or port 80 or port 443 or port 8443 or port 67');
  start(RIGHT, 'dnsmasq', '-k', '-C', '/dev/null', '--no-resolv', '--no-hosts', '-i', 'wwr', '--bind-interfaces', '--address=/web.test/192.0.2.2', '--address=/web.test/2001:db8::2',
    '--cname=www.cname.test,host.test', '--host-record=host.test,192.0.2.9,2001:db8::9', '--txt-record=txt.test,first part,second part', '--mx-host=test,mail.test,10',
    '--srv-host=_ldap._tcp.test,ldap.test,389,1,2', '--ptr-record=9.2.0.192.in-addr.arpa,host.test', '--local=/test/', '--dhcp-range=192.0.2.50,192.0.2.60,1h',
    `--dhcp-leasefile=${scratch}/leases`, '--dhcp-authoritative', '--no-ping', `--pid-file=${scratch}/dnsmasq.pid`);
  start(RIGHT, 'nginx', '-c', `${scratch}/nginx.conf`);
  const keys = ['-key', `${scratch}/key.pem`, '-cert', `${scratch}/cert.pem`, '-quiet', '-www', '-alpn', 'h2,http/1.1'];
  for (const address of ['192.0.2.2', '[2001:db8::2]']) {
    start(RIGHT, 'openssl', 's_server', '-accept', `${address}:443`, ...keys, '-tls1_2');
    start(RIGHT, 'openssl', 's_server', '-accept', `${address}:8443`, ...keys, '-tls1_3');
  }
  await wait(2000);
  const left = (...args: string[]): void => attempt('ip', 'netns', 'exec', LEFT, ...args);
  for (const server of ['192.0.2.2', '2001:db8::2']) {
    const dig = (...args: string[]): void => left('dig', '+tries=1', '+time=1', `@${server}`, ...args);
    for (const [name, type] of [['web.test', 'A'], ['web.test', 'AAAA'], ['www.cname.test', 'A'], ['txt.test', 'TXT'], ['test', 'MX'], ['_ldap._tcp.test', 'SRV'], ['none.test', 'A']]) dig(name, type);
    dig('-x', '192.0.2.9');
    dig('+tcp', 'host.test', 'AAAA');
    const base = server.includes(':') ? `[${server}]` : server;
    const curl = (...args: string[]): void => left('curl', '-s', '-g', '-m', '3', '-o', '/dev/null', ...args);
    curl(`http://${base}/page.html?a=1&b=2`, `http://${base}/text.txt`, '--cookie', 'a=1; b=2', '-u', 'user:secret');
    curl('--compressed', `http://${base}/text.txt`);
    curl('-I', `http://${base}/text.txt`);
    curl('-L', `http://${base}/moved`);
    curl('-d', 'name=value', `http://${base}/post`);
    curl(`http://${base}/json`, `http://${base}/none`);
    for (const [port, version] of [[443, '--tls-max'], [8443, '--tlsv1.3']] as const) {
      curl('-k', '--resolve', `web.test:${port}:${base}`, ...(version === '--tls-max' ? ['--tls-max', '1.2'] : [version]), `https://web.test:${port}/`);
    }
    curl('-k', '--tlsv1.3', `https://${base}:443/`);
  }
  left(process.execPath, '-e', DHCP_CLIENT);
  await wait(500);
} finally {
  for (const child of children) child.kill();
  await wait(300);
  removeNamespaces();
  rmSync(scratch, { recursive: true, force: true });
}

const rows = run('tshark', '-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])).split('\n').filter((line) => line !== '');
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v]).filter(([, v]) => v !== '')))}\n`).join(''));
writeFileSync(path.join(out, 'SOURCE.md'), `# applications\n\nMade by \`scripts/captures/applications.ts\` (dnsmasq, dig, nginx, curl, openssl; two namespaces joined by a veth pair).\nThe expected values are those of ${run('tshark', '--version').split('\n')[0]}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
