import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDrillCa } from './drill-ca.ts';
import type { Lab } from './lab.ts';
import { JsonLines } from './line-reader.ts';

/** A mail as the drill's mail server has received it. */
export interface DrillMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly tls: boolean;
  readonly user: string;
  readonly receivedAt: string;
  readonly raw: string;
}

export interface DrillNetwork {
  /** Address of each host. */
  readonly address: Readonly<Record<'mon' | 'target' | 'a1' | 'a2' | 'a3' | 'mail', string>>;
  /** Options of the smtp channel that reaches the mail server. */
  readonly smtp: object;
  readonly mails: JsonLines<DrillMail>;
}

const PORT = 587;
const USER = 'drill';

/**
 * A monitor, a target, three hosts of three operators and a mail server, each behind its own leg of one router.
 *
 * The addresses are those for documentation (RFC 5737, RFC 3849), one family only, so that no other way can hide a fault.
 */
export async function createDrillNetwork(lab: Lab, family: 'ipv4' | 'ipv6', dir: string): Promise<DrillNetwork> {
  const hosts = ['mon', 'target', 'a1', 'a2', 'a3', 'mail'] as const;
  const leg = (i: number, host: number): string => (family === 'ipv4' ? `198.51.100.${16 * i + host}` : `2001:db8:d:${i + 1}::${host}`);
  const length = family === 'ipv4' ? 28 : 64;
  lab.addRouter('gate');
  for (const [i, host] of hosts.entries()) {
    lab.addHost(host);
    lab.link({ host, device: 'eth0', addresses: [`${leg(i, 2)}/${length}`] }, { host: 'gate', device: `to-${host}`, addresses: [`${leg(i, 1)}/${length}`] });
    lab.route(host, leg(i, 1));
  }
  const address = Object.fromEntries(hosts.map((host, i) => [host, leg(i, 2)])) as DrillNetwork['address'];
  const ca = createDrillCa(path.join(dir, 'ca'));
  const { keyFile, certFile } = ca.issue('mail', [address.mail]);
  const password = randomBytes(16).toString('hex');
  const passwordFile = path.join(dir, 'mail-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const sink = path.join(import.meta.dirname, `mail-sink${path.extname(import.meta.filename)}`);
  const server = lab.start('mail', [process.execPath, sink, address.mail, String(PORT), keyFile, certFile, USER, password], { stdio: 'pipe' });
  const mails = new JsonLines<DrillMail>(server);
  await mails.find((line) => 'listening' in line, 10_000);
  return {
    address, mails,
    smtp: { type: 'smtp', host: address.mail, port: PORT, user: USER, password: { file: passwordFile }, caFile: ca.caFile, from: 'wirewatch@monitor.test', to: ['operator@example.test'] },
  };
}

/** One header of a mail, unfolded (RFC 5322 section 2.2.3). */
export function headerOf(mail: DrillMail, name: string): string {
  const [head] = mail.raw.split(/\r?\n\r?\n/, 1);
  const unfolded = head.replaceAll(/\r?\n(?=[ \t])/g, '');
  return unfolded.split(/\r?\n/).find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))?.slice(name.length + 1).trim() ?? '';
}
