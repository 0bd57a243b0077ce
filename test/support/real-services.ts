// Real servers for the probes, each started on a free port of loopback with a configuration of its own in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import dgram from 'node:dgram';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestAuthority } from './test-authority.ts';

export interface Service {
  readonly port: number;
  stop(): Promise<void>;
}

/** A port that nobody has: taken for a moment, and given back. */
export async function freePort(transport: 'tcp' | 'udp', address: string): Promise<number> {
  if (transport === 'tcp') {
    const server = net.createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4').bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

interface Recipe {
  readonly transport: 'tcp' | 'udp';
  /** Writes what the server needs into `dir` and says how it is started. */
  prepare(dir: string, port: number): readonly [command: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** Is anybody at that UDP port: an empty datagram brings "refused" where nobody is. */
async function udpAnswers(port: number): Promise<boolean> {
  const socket = dgram.createSocket('udp4');
  try {
    await new Promise<void>((done) => socket.connect(port, '127.0.0.1', done));
    const refused = once(socket, 'error').then(() => true);
    socket.send('');
    return !(await Promise.race([refused, sleep(60).then(() => false)]));
  } finally {
    socket.close();
  }
}

async function tcpAnswers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    return await Promise.race([once(socket, 'connect').then(() => true, () => false), sleep(500).then(() => false)]);
  } finally {
    socket.destroy();
  }
}

async function start(recipe: Recipe): Promise<Service> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ww-service-'));
  chmodSync(dir, 0o755);
  const port = await freePort(recipe.transport, '127.0.0.1');
  const [command, ...args] = recipe.prepare(dir, port);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...recipe.env, SNMP_PERSISTENT_DIR: dir } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      if ((await Promise.race([gone, sleep(3000)])) === undefined) child.kill('SIGKILL');
      await gone;
    }
    rmSync(dir, { recursive: true, force: true });
  };
  const end = performance.now() + 20_000;
  while (!(recipe.transport === 'tcp' ? await tcpAnswers(port) : await udpAnswers(port))) {
    if (child.exitCode !== null || performance.now() > end) {
      await stop();
      throw new Error(`${command} does not run: ${said}`);
    }
    await sleep(50);
  }
  return { port, stop };
}

function write(dir: string, name: string, text: string, mode = 0o600): string {
  const file = path.join(dir, name);
  writeFileSync(file, text, { mode });
  return file;
}

export const startSshd = (): Promise<Service> => start({
  transport: 'tcp',
  prepare(dir, port) {
    mkdirSync('/run/sshd', { recursive: true });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(dir, 'key')]);
    return ['/usr/sbin/sshd', '-D', '-e', '-f', write(dir, 'conf', `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${dir}/key\nUsePAM no\nPidFile ${dir}/pid\n`)];
  },
});

export const startDovecot = (protocol: 'imap' | 'pop3', authority: TestAuthority): Promise<Service> => start({
  transport: 'tcp',
  prepare(dir, port) {
    const cert = write(dir, 'cert.pem', authority.cert);
    const key = write(dir, 'key.pem', authority.key);
    return ['dovecot', '-F', '-c', write(dir, 'conf', `
base_dir = ${dir}/run
log_path = ${dir}/log
protocols = ${protocol}
listen = 127.0.0.1
ssl = yes
ssl_cert = <${cert}
ssl_key = <${key}
service ${protocol}-login {
  inet_listener ${protocol} {
    port = ${port}
  }
  inet_listener ${protocol}s {
    port = 0
  }
}
passdb {
  driver = static
  args = password=nobody
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
`, 0o644)];
  },
});

export const startVsftpd = (authority: TestAuthority): Promise<Service> => start({
  transport: 'tcp',
  prepare(dir, port) {
    mkdirSync(path.join(dir, 'empty'), { mode: 0o555 });
    write(dir, 'cert.pem', `${authority.cert}${authority.key}`);
    return ['vsftpd', write(dir, 'conf', `listen=YES
listen_port=${port}
listen_address=127.0.0.1
background=NO
anonymous_enable=YES
local_enable=NO
secure_chroot_dir=${dir}/empty
anon_root=${dir}/empty
ssl_enable=YES
allow_anon_ssl=YES
rsa_cert_file=${dir}/cert.pem
rsa_private_key_file=${dir}/cert.pem
require_ssl_reuse=NO
ftpd_banner=files of the office
seccomp_sandbox=NO
`)];
  },
});

export const startSlapd = (authority: TestAuthority): Promise<Service> => start({
  transport: 'tcp',
  prepare(dir, port) {
    write(dir, 'ca.pem', authority.ca, 0o644);
    write(dir, 'cert.pem', authority.cert, 0o644);
    write(dir, 'key.pem', authority.key, 0o644);
    return ['slapd', '-d', '0', '-h', `ldap://127.0.0.1:${port}/`, '-f', write(dir, 'conf', `TLSCACertificateFile ${dir}/ca.pem\nTLSCertificateFile ${dir}/cert.pem\nTLSCertificateKeyFile ${dir}/key.pem\npidfile ${dir}/pid\n`, 0o644)];
  },
});

export const startChronyd = (): Promise<Service> => start({
  transport: 'udp',
  // -x: the machine's clock is left alone.
  prepare: (dir, port) => ['chronyd', '-d', '-x', '-u', 'root', '-f', write(dir, 'conf', `port ${port}\nbindaddress 127.0.0.1\ncmdport 0\nbindcmdaddress /\nlocal stratum 8\nallow 127.0.0.0/8\npidfile ${dir}/pid\n`)],
});

export const startSnmpd = (): Promise<Service> => start({
  transport: 'udp',
  prepare: (dir, port) => ['snmpd', '-f', '-Le', '-C', '-c', write(dir, 'conf', 'rocommunity public\nsysLocation room 4\n'), '-p', `${dir}/pid`, `udp:127.0.0.1:${port}`],
});

export const startDnsmasq = (): Promise<Service> => start({
  transport: 'udp',
  prepare: (dir, port) => [
    'dnsmasq', '-k', `--conf-file=${write(dir, 'conf', '')}`, `--pid-file=${dir}/pid`, `--port=${port}`, '--listen-address=127.0.0.1', '--bind-interfaces', '--no-resolv', '--no-hosts', '--user=root',
    '--host-record=host.example.test,192.0.2.9', '--host-record=host.example.test,192.0.2.10', '--txt-record=long.example.test,' + 'x'.repeat(250), '--local=/example.test/',
  ],
});

/** A UDP service that gives back what it gets, in capital letters. */
export async function startUdpEcho(): Promise<Service> {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (bytes, from) => socket.send(bytes.toString('latin1').toUpperCase(), from.port, from.address));
  return {
    port: socket.address().port,
    stop: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}
