// Makes test/golden/windows from real programs in two network namespaces: SMB 1, 2 and 3 with NTLM and named pipes (smbd, smbclient,
// rpcclient), LDAP with simple binds, searches and changes (slapd, ldap-utils), Kerberos (krb5kdc, kinit), and a port mapper of a few lines.
// The expected values are tshark's.
// Run as root: node scripts/captures/windows.ts
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LEFT = 'wwdom-left';
const RIGHT = 'wwdom-right';
const SERVER = '192.0.2.2';
const out = path.resolve(import.meta.dirname, '../../test/golden/windows');
const capture = path.join(out, 'input.pcap');
const fields = JSON.parse(readFileSync(path.join(out, 'fields.json'), 'utf8')) as string[];
const scratch = mkdtempSync(path.join(os.tmpdir(), 'ww-windows-'));
chmodSync(scratch, 0o755);

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
}

/** The same for programs that may fail: a refusal is what some of the packets are about. */
function attempt(command: string, args: string[], input = ''): void {
  try {
    execFileSync(command, args, { input, stdio: ['pipe', 'ignore', 'ignore'], timeout: 8000, env: { ...process.env, KRB5_CONFIG: `${scratch}/krb5.conf`, KRB5CCNAME: `${scratch}/cache` } });
  } catch {
    // its packets are on the wire all the same
  }
}

/** Answers GETPORT and DUMP of the port mapper (RFC 1833 §3) with one program. */
const PORTMAP_SERVER = `
const s = require('node:dgram').createSocket('udp4');
s.on('message', (m, from) => { const u = (...v) => Buffer.concat(v.map((x) => { const b = Buffer.alloc(4); b.writeUInt32BE(x); return b; }));
  const head = Buffer.concat([m.subarray(0, 4), u(1, 0, 0, 0, 0)]); const procedure = m.readUInt32BE(20);
  s.send(Buffer.concat([head, procedure === 3 ? u(2049) : procedure === 4 ? u(1, 100003, 3, 6, 2049, 0) : Buffer.alloc(0)]), from.port, from.address); });
s.bind(111, '${SERVER}');`;
/** NULL, GETPORT with Unix credentials, DUMP. */
const PORTMAP_CLIENT = `
const s = require('node:dgram').createSocket('udp4');
const u = (...v) => Buffer.concat(v.map((x) => { const b = Buffer.alloc(4); b.writeUInt32BE(x); return b; }));
const unix = Buffer.concat([u(1, 32, 7, 6), Buffer.from('laptop\\0\\0'), u(1000, 1000, 1, 27), u(0, 0)]);
const calls = [[0, u(0, 0, 0, 0)], [3, Buffer.concat([unix, u(100003, 3, 6, 0)])], [4, u(0, 0, 0, 0)]];
let n = 0; const next = () => { if (n === calls.length) return s.close(); const [procedure, rest] = calls[n++]; s.send(Buffer.concat([u(0x5150 + n, 0, 2, 100000, 2, procedure), rest]), 111, '${SERVER}'); };
s.on('message', next); next(); setTimeout(() => process.exit(), 3000).unref();`;

const folder = (name: string): string => {
  mkdirSync(path.join(scratch, name), { recursive: true, mode: 0o755 });
  return path.join(scratch, name);
};

/** Names of a namespace's own: without a server, a look-up of a name would hold each program for many seconds. */
const namesOf = (namespace: string): string => path.join('/etc/netns', namespace);

function removeNamespaces(): void {
  for (const name of [LEFT, RIGHT]) {
    attempt('ip', ['netns', 'del', name]);
    rmSync(namesOf(name), { recursive: true, force: true });
  }
}

const share = folder('share');
writeFileSync(path.join(share, 'hello.txt'), 'The quick brown fox jumps over the lazy dog.\n'.repeat(20));
chmodSync(share, 0o777);
for (const name of ['private', 'lock', 'state', 'cache-smb', 'pid', 'ncalrpc', 'ldap', 'kdc']) folder(name);
writeFileSync(path.join(scratch, 'smb.conf'), `[global]
  workgroup = EXAMPLE
  netbios name = FILES
  server min protocol = NT1
  client min protocol = NT1
  ntlm auth = yes
  smb ports = 445
  bind interfaces only = yes
  interfaces = ${SERVER}/24
  private dir = ${scratch}/private
  lock directory = ${scratch}/lock
  state directory = ${scratch}/state
  cache directory = ${scratch}/cache-smb
  pid directory = ${scratch}/pid
  ncalrpc dir = ${scratch}/ncalrpc
  log file = ${scratch}/smb.log
  passdb backend = tdbsam:${scratch}/private/passdb.tdb
[share]
  path = ${share}
  read only = no
`);
writeFileSync(path.join(scratch, 'slapd.conf'), `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_ldif
pidfile ${scratch}/slapd.pid
database ldif
directory ${scratch}/ldap
suffix "dc=example,dc=test"
rootdn "cn=admin,dc=example,dc=test"
rootpw secret
`);
writeFileSync(path.join(scratch, 'base.ldif'), `dn: dc=example,dc=test
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: cn=Alice,dc=example,dc=test
objectClass: inetOrgPerson
cn: Alice
sn: Liddell
mail: alice@example.test
`);
writeFileSync(path.join(scratch, 'krb5.conf'), `[libdefaults]
  default_realm = EXAMPLE.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  rdns = false
[realms]
  EXAMPLE.TEST = {
    kdc = ${SERVER}
  }
`);
writeFileSync(path.join(scratch, 'kdc.conf'), `[kdcdefaults]
  kdc_ports = 88
  kdc_tcp_ports = 88
[realms]
  EXAMPLE.TEST = {
    database_name = ${scratch}/kdc/principal
    key_stash_file = ${scratch}/kdc/stash
    acl_file = ${scratch}/kdc/acl
  }
`);
const kdcEnv = { ...process.env, KRB5_CONFIG: `${scratch}/krb5.conf`, KRB5_KDC_PROFILE: `${scratch}/kdc.conf` };
const kadmin = (query: string): void => void execFileSync('kadmin.local', ['-q', query], { env: kdcEnv, stdio: 'ignore' });

removeNamespaces();
const children: ChildProcess[] = [];
try {
  for (const name of [LEFT, RIGHT]) {
    run('ip', 'netns', 'add', name);
    mkdirSync(namesOf(name), { recursive: true });
    writeFileSync(path.join(namesOf(name), 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
    writeFileSync(path.join(namesOf(name), 'hosts'), `127.0.0.1 localhost\n192.0.2.1 client.example.test client\n${SERVER} files.example.test files\n`);
  }
  run('ip', 'link', 'add', 'wwl', 'address', '02:00:00:00:00:01', 'netns', LEFT, 'type', 'veth', 'peer', 'name', 'wwr', 'address', '02:00:00:00:00:02', 'netns', RIGHT);
  for (const [name, device, host] of [[LEFT, 'wwl', '1'], [RIGHT, 'wwr', '2']]) {
    run('ip', '-n', name, 'addr', 'add', `192.0.2.${host}/24`, 'dev', device);
    run('ip', 'netns', 'exec', name, 'ethtool', '-K', device, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off');
    for (const d of ['lo', device]) run('ip', '-n', name, 'link', 'set', d, 'up');
  }
  const start = (name: string, command: string, ...args: string[]): void => void children.push(spawn('ip', ['netns', 'exec', name, command, ...args], { stdio: 'ignore', env: kdcEnv }));
  start(LEFT, 'tcpdump', '-i', 'wwl', '-n', '-U', '-w', capture, 'port 445 or port 389 or port 88 or port 111');
  execFileSync('smbpasswd', ['-c', `${scratch}/smb.conf`, '-a', '-s', 'root'], { input: 'Passw0rd\nPassw0rd\n', stdio: ['pipe', 'ignore', 'ignore'] });
  start(RIGHT, 'smbd', '-F', '-s', `${scratch}/smb.conf`);
  run('slapadd', '-f', `${scratch}/slapd.conf`, '-l', `${scratch}/base.ldif`);
  start(RIGHT, 'slapd', '-d', '0', '-f', `${scratch}/slapd.conf`, '-h', `ldap://${SERVER}:389/`);
  execFileSync('kdb5_util', ['create', '-s', '-P', 'master', '-r', 'EXAMPLE.TEST'], { env: kdcEnv, stdio: 'ignore' });
  kadmin('addprinc -pw secret alice');
  kadmin('addprinc -randkey host/files.example.test');
  start(RIGHT, 'krb5kdc', '-n');
  start(RIGHT, process.execPath, '-e', PORTMAP_SERVER);
  await wait(4000);
  const left = (args: string[], input = ''): void => attempt('ip', ['netns', 'exec', LEFT, ...args], input);
  const smb = ['-s', `${scratch}/smb.conf`, '-U', 'root%Passw0rd'];
  for (const protocol of ['NT1', 'SMB3_11']) {
    left(['smbclient', `//${SERVER}/share`, ...smb, '-m', protocol, '-c', `ls; get hello.txt ${scratch}/got; put ${scratch}/base.ldif new.ldif; mkdir sub; rename new.ldif sub/new.ldif; del sub/new.ldif; rmdir sub; allinfo hello.txt; volume`]);
  }
  left(['smbclient', `//${SERVER}/share`, '-s', `${scratch}/smb.conf`, '-U', 'root%wrong', '-m', 'SMB3_11', '-c', 'ls']);
  left(['rpcclient', SERVER, ...smb, '-c', 'srvinfo; netshareenum; enumdomusers; lsaquery; querydominfo']);
  const admin = ['-x', '-H', `ldap://${SERVER}`, '-D', 'cn=admin,dc=example,dc=test', '-w', 'secret'];
  left(['ldapsearch', ...admin, '-b', 'dc=example,dc=test', '(&(objectClass=inetOrgPerson)(|(cn=Al*)(mail>=a))(!(sn=x)))', 'cn', 'mail']);
  left(['ldapsearch', '-x', '-H', `ldap://${SERVER}`, '-s', 'base', '-b', '', '(objectClass=*)', 'supportedControl', 'namingContexts']);
  left(['ldapmodify', ...admin], 'dn: cn=Alice,dc=example,dc=test\nchangetype: modify\nreplace: mail\nmail: a@example.test\n-\n');
  left(['ldapadd', ...admin], 'dn: cn=Bob,dc=example,dc=test\nobjectClass: inetOrgPerson\ncn: Bob\nsn: Builder\n');
  left(['ldapcompare', ...admin, 'cn=Bob,dc=example,dc=test', 'sn:Builder']);
  left(['ldapmodrdn', ...admin, 'cn=Bob,dc=example,dc=test', 'cn=Rob']);
  left(['ldapdelete', ...admin, 'cn=Rob,dc=example,dc=test']);
  left(['ldapwhoami', '-x', '-H', `ldap://${SERVER}`, '-D', 'cn=admin,dc=example,dc=test', '-w', 'wrong']);
  left(['kinit', 'alice'], 'secret\n');
  left(['kinit', 'alice'], 'wrong\n');
  left(['kinit', 'nobody'], 'secret\n');
  left([process.execPath, '-e', PORTMAP_CLIENT]);
  await wait(500);
} finally {
  for (const child of children) child.kill();
  await wait(500);
  removeNamespaces();
  rmSync(scratch, { recursive: true, force: true });
}

const rows = run('tshark', '-n', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])).split('\n').filter((line) => line !== '');
writeFileSync(path.join(out, 'expected.jsonl'), rows.map((row) => `${JSON.stringify(Object.fromEntries(row.split('\t').map((v, i) => [fields[i], v]).filter(([, v]) => v !== '')))}\n`).join(''));
writeFileSync(path.join(out, 'SOURCE.md'), `# windows\n\nMade by \`scripts/captures/windows.ts\` (smbd, smbclient, rpcclient, slapd, ldap-utils, krb5kdc, kinit, a port mapper of the script's own; two namespaces joined by a veth pair).\nThe expected values are those of ${run('tshark', '--version').split('\n')[0]}, one pass, default preferences.\n`);
process.stdout.write(`${rows.length} frames\n`);
