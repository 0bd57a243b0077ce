// Makes demo/office.pcapng: about a minute of a small office, with a scan and a call home hidden in it.
//
//   node scripts/captures/demo.ts        (root; iproute2, tcpdump, nginx, dnsmasq, curl, openssl)
//
// Real programs in network namespaces: nginx serves, dnsmasq resolves, curl browses, a client connects to one port after
// another, and a curl every two seconds plays the implant. Captured by tcpdump on the router's office side.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../../src/drill/lab.ts';

const SECONDS = Number(process.argv[2] ?? 75);
const target = path.resolve(import.meta.dirname, '../../demo/office.pcapng');
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-demo-'));
// nginx serves as a user of its own, which must be able to read the pages.
chmodSync(dir, 0o755);
const lab = new Lab(`ww-demo-${process.pid}`);

/** Runs a command on a host without waiting for its success: a refused connection is part of the story. */
function visit(host: string, ...argv: string[]): void {
  spawn('ip', ['netns', 'exec', lab.namespace(host), ...argv], { stdio: 'ignore' });
}

function webServer(host: string, name: string, pages: Record<string, string>): void {
  const home = path.join(dir, name);
  mkdirSync(home, { recursive: true });
  for (const [page, text] of Object.entries(pages)) writeFileSync(path.join(home, page), text);
  writeFileSync(path.join(dir, `${name}.conf`), `
daemon off; pid ${dir}/${name}.pid; error_log ${dir}/${name}.log; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off; default_type text/html; root ${home};
  server { listen 80; listen [::]:80; }
  server { listen 443 ssl; listen [::]:443 ssl; ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem; }
}`);
  lab.start(host, ['nginx', '-c', path.join(dir, `${name}.conf`), '-p', dir]);
}

try {
  for (const host of ['alice', 'bob', 'printer', 'files']) lab.addHost(host);
  lab.addRouter('gate');
  lab.addHost('world');
  lab.addHost('shady');
  // The office is one segment: a bridge on the router, so that the capture sees it whole.
  lab.run('gate', ['ip', 'link', 'add', 'office', 'type', 'bridge']);
  lab.run('gate', ['ip', 'address', 'add', '10.20.0.1/24', 'dev', 'office']);
  lab.run('gate', ['ip', 'address', 'add', 'fd20::1/64', 'dev', 'office', 'nodad']);
  lab.run('gate', ['ip', 'link', 'set', 'office', 'up']);
  for (const [host, n] of [['alice', 21], ['bob', 22], ['printer', 30], ['files', 5]] as const) {
    lab.link({ host, device: 'eth0', addresses: [`10.20.0.${n}/24`, `fd20::${n}/64`] }, { host: 'gate', device: `p${n}`, addresses: [] });
    lab.run('gate', ['ip', 'link', 'set', `p${n}`, 'master', 'office']);
    lab.route(host, '10.20.0.1', 'fd20::1');
  }
  lab.link({ host: 'world', device: 'eth0', addresses: ['198.51.100.10/24', '2001:db8:1::10/64'] }, { host: 'gate', device: 'wan0', addresses: ['198.51.100.1/24', '2001:db8:1::1/64'] });
  lab.link({ host: 'shady', device: 'eth0', addresses: ['203.0.113.66/24'] }, { host: 'gate', device: 'wan1', addresses: ['203.0.113.1/24'] });
  lab.route('world', '198.51.100.1', '2001:db8:1::1');
  lab.route('shady', '203.0.113.1');

  lab.run('gate', ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650', '-subj', '/CN=www.example.test',
    '-addext', 'subjectAltName=DNS:www.example.test,DNS:news.example.test', '-keyout', path.join(dir, 'key.pem'), '-out', path.join(dir, 'cert.pem')]);
  webServer('world', 'world', { 'index.html': '<h1>News of the world</h1>'.repeat(120), 'a.css': 'body { margin: 0 }'.repeat(60), 'b.js': '/* nothing */'.repeat(400) });
  webServer('shady', 'shady', { 'ca': 'ok', 'index.html': 'hello' });
  webServer('files', 'files', { 'index.html': '<h1>Files</h1>', 'report.txt': 'quarter by quarter\n'.repeat(2000) });
  lab.start('gate', ['dnsmasq', '--no-daemon', '--no-resolv', '--no-hosts', '--user=root', '--bind-interfaces', '--interface=office',
    '--address=/www.example.test/198.51.100.10', '--address=/www.example.test/2001:db8:1::10', '--address=/news.example.test/2001:db8:1::10',
    '--address=/files.office.test/10.20.0.5', '--address=/cdn-telemetry.example.test/203.0.113.66']);
  await sleep(1500);

  const raw = path.join(dir, 'raw.pcap');
  const capture = lab.start('gate', ['tcpdump', '-i', 'office', '-U', '-s', '0', '--time-stamp-precision=nano', '-w', raw]);
  await sleep(1000);

  const browse = (host: string, ...urls: string[]): void => {
    visit(host, 'curl', '-sk', '--max-time', '5', '-A', 'Mozilla/5.0 (X11; Linux x86_64)', '--resolve', 'www.example.test:443:198.51.100.10', '--resolve', 'news.example.test:80:2001:db8:1::10',
      ...urls.flatMap((u) => ['-o', '/dev/null', u]));
  };
  const resolve = (host: string, name: string, type = 'A'): void => visit(host, 'dig', '@10.20.0.1', '+tries=1', '+time=2', name, type);
  const started = Date.now();
  let beat = 0;
  for (let second = 0; second < SECONDS; second++) {
    // Bob's machine calls home every two seconds: the name first, now and then, then a small request.
    if (second % 2 === 0) {
      if (beat++ % 8 === 0) resolve('bob', 'cdn-telemetry.example.test');
      visit('bob', 'curl', '-s', '--max-time', '2', '-A', 'Mozilla/4.0 (compatible; MSIE 8.0)', '-H', 'Host: cdn-telemetry.example.test', '-o', '/dev/null', 'http://203.0.113.66/ca');
    }
    if (second % 7 === 1) {
      resolve('alice', 'www.example.test');
      resolve('alice', 'www.example.test', 'AAAA');
      browse('alice', 'https://www.example.test/', 'https://www.example.test/a.css', 'https://www.example.test/b.js');
    }
    if (second % 11 === 4) browse('alice', 'http://news.example.test/', 'http://news.example.test/b.js');
    if (second % 9 === 5) {
      resolve('bob', 'files.office.test');
      browse('bob', 'http://10.20.0.5/report.txt');
    }
    if (second % 13 === 6) visit('alice', 'ping', '-c', '2', '-i', '0.3', '10.20.0.1');
    if (second % 17 === 8) visit('bob', 'ping', '-6', '-c', '2', '-i', '0.3', 'fd20::1');
    // At second 20 the printer begins to try the ports of the file server.
    if (second === 20) {
      visit('printer', process.execPath, '-e', `
const net = require('node:net'); let port = 20;
const timer = setInterval(() => { if (port > 160) return clearInterval(timer); const s = net.connect({ host: '10.20.0.5', port: port++ }); s.on('error', () => {}); s.on('connect', () => s.resetAndDestroy()); }, 60);`);
    }
    await sleep(Math.max(0, started + (second + 1) * 1000 - Date.now()));
  }
  capture.kill('SIGINT');
  await sleep(1000);
  if (!existsSync(raw)) throw new Error('tcpdump wrote nothing');
  const toPcapng = spawn('editcap', ['-F', 'pcapng', raw, path.join(dir, 'office.pcapng')], { stdio: 'inherit' });
  await new Promise((done) => toPcapng.once('exit', done));
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(path.join(dir, 'office.pcapng'), target);
  process.stdout.write(`${target}: ${statSync(target).size} bytes\n`);
} finally {
  await lab.destroy();
  rmSync(dir, { recursive: true, force: true });
}
