// Large packets by real programs: nginx and curl in two network namespaces, captured by tcpdump, then multiplied.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PcapFile, randomFrom } from './bench-generated.ts';

const CLIENT = 'wwbench-c';
const SERVER = 'wwbench-s';
const COPIED_FILES = 60;

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Why real programs cannot make the capture here; undefined where they can. */
export function whyNotReal(): string | undefined {
  if (process.getuid?.() !== 0) return 'namespaces need root';
  for (const program of ['ip', 'nginx', 'curl', 'tcpdump', 'openssl', 'ethtool']) if (!has(program)) return `${program} is not installed`;
  const probe = spawnSync('ip', ['netns', 'add', `${CLIENT}-probe`]);
  if (probe.status !== 0) return 'this machine allows no network namespaces';
  execFileSync('ip', ['netns', 'del', `${CLIENT}-probe`]);
  return undefined;
}

const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'ignore' });
const inside = (namespace: string, ...args: string[]): string[] => ['netns', 'exec', namespace, ...args];

/** Captures a few seconds of downloads over HTTP and TLS, IPv4 and IPv6, into `file`. */
export async function captureReal(file: string, workDir: string): Promise<void> {
  mkdirSync(path.join(workDir, 'site'), { recursive: true });
  const random = randomFrom(7);
  for (let i = 0; i < COPIED_FILES; i++) writeFileSync(path.join(workDir, 'site', `f${i}`), Buffer.alloc(2000 + (random() % 400_000), i));
  run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=www.wirewatch.test', '-keyout', path.join(workDir, 'key.pem'), '-out', path.join(workDir, 'cert.pem'));
  writeFileSync(path.join(workDir, 'nginx.conf'), `daemon off; error_log ${workDir}/error.log; pid ${workDir}/nginx.pid; worker_processes 1; events { worker_connections 1024; }
http { access_log off; client_body_temp_path ${workDir}/body; proxy_temp_path ${workDir}/p; fastcgi_temp_path ${workDir}/f; uwsgi_temp_path ${workDir}/u; scgi_temp_path ${workDir}/s;
 server { listen 80; listen [::]:80; root ${workDir}/site; }
 server { listen 443 ssl; listen [::]:443 ssl; ssl_certificate ${workDir}/cert.pem; ssl_certificate_key ${workDir}/key.pem; root ${workDir}/site; } }`);
  const children: ChildProcess[] = [];
  const remove = (): void => {
    for (const namespace of [CLIENT, SERVER]) spawnSync('ip', ['netns', 'del', namespace]);
  };
  remove();
  try {
    run('ip', 'netns', 'add', CLIENT);
    run('ip', 'netns', 'add', SERVER);
    run('ip', 'link', 'add', 'wwbc0', 'netns', CLIENT, 'type', 'veth', 'peer', 'name', 'wwbs0', 'netns', SERVER);
    for (const [namespace, device, host] of [[CLIENT, 'wwbc0', '1'], [SERVER, 'wwbs0', '2']]) {
      run('ip', '-n', namespace, 'link', 'set', 'lo', 'up');
      run('ip', '-n', namespace, 'addr', 'add', `10.99.0.${host}/24`, 'dev', device);
      run('ip', '-n', namespace, 'addr', 'add', `fd99::${host}/64`, 'dev', device, 'nodad');
      run('ip', '-n', namespace, 'link', 'set', device, 'up');
      spawnSync('ip', inside(namespace, 'ethtool', '-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off', 'tx', 'off', 'rx', 'off'));
    }
    children.push(spawn('ip', inside(SERVER, 'nginx', '-c', path.join(workDir, 'nginx.conf')), { stdio: 'ignore' }));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const dump = spawn('ip', inside(CLIENT, 'tcpdump', '-i', 'wwbc0', '-B', '131072', '-s', '0', '-w', file), { stdio: 'ignore' });
    children.push(dump);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const fetchAll = (base: string, times: number): Promise<void> => new Promise((resolve) => {
      const urls: string[] = [];
      for (let k = 0; k < times; k++) for (let i = 0; i < COPIED_FILES; i++) urls.push(`url = "${base}/f${i}"`, 'output = "/dev/null"');
      const list = path.join(workDir, `urls-${children.length}`);
      writeFileSync(list, urls.join('\n'));
      const child = spawn('ip', inside(CLIENT, 'curl', '-s', '-k', '-Z', '--parallel-max', '6', '--no-keepalive', '-K', list), { stdio: 'ignore' });
      children.push(child);
      child.once('exit', () => resolve());
    });
    await Promise.all([fetchAll('http://10.99.0.2', 2), fetchAll('https://10.99.0.2', 1), fetchAll('http://[fd99::2]', 1)]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    dump.kill('SIGINT');
    await new Promise((resolve) => dump.once('exit', resolve));
  } finally {
    for (const child of children) child.kill('SIGTERM');
    spawnSync('sh', ['-c', `[ -e ${workDir}/nginx.pid ] && kill "$(cat ${workDir}/nginx.pid)"`]);
    remove();
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** Writes `from` again and again with other addresses and later times until `mib` MiB are reached. */
export function multiply(from: string, to: string, mib: number): void {
  if (!existsSync(from)) throw new Error(`${from} is missing`);
  const b = readFileSync(from);
  const out = new PcapFile(to);
  const first = b.readUInt32LE(24) * 1e6 + b.readUInt32LE(28);
  let last = first;
  for (let copy = 0; out.bytes < mib * 1048576; copy++) {
    const shift = copy * (last - first + 1000);
    for (let at = 24; at + 16 <= b.length; ) {
      const length = b.readUInt32LE(at + 8);
      const time = b.readUInt32LE(at) * 1e6 + b.readUInt32LE(at + 4);
      if (copy === 0) last = Math.max(last, time);
      const frame = b.subarray(at + 16, at + 16 + length);
      if (copy > 0) renumber(frame, copy);
      out.add(frame, length, time + shift);
      at += 16 + length;
    }
  }
  out.close();
}

/** Gives both ends addresses of this copy: 10.99.N.x, fd99::N:x. The same bytes are rewritten for each copy. */
function renumber(frame: Uint8Array, copy: number): void {
  const type = (frame[12] << 8) | frame[13];
  if (type === 0x0800) {
    frame[28] = copy;
    frame[32] = copy;
  } else if (type === 0x86dd) {
    frame[35] = copy;
    frame[51] = copy;
  }
}
