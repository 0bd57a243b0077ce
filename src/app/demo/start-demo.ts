import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { ConfigInput } from '../../config/schema.ts';
import type { CaughtMail as StoredMail, MailService } from '../../pipeline/services.ts';
import { startTarget } from './flaky-target.ts';
import { MailCatcher, type CaughtMail } from './mail-catcher.ts';

/** When the demo's one bad target is gone, milliseconds after the start. */
const OUTAGE = { fromMs: 12_000, toMs: 42_000 } as const;

export interface Demo {
  /** The demo's configuration, written as a file that can be read and copied. */
  readonly configFile: string;
  readonly captureFile: string;
  readonly mail: MailService;
  onMail(listener: (id: string) => void): void;
  stop(): Promise<void>;
}

/**
 * Everything that the demo watches, all of it real and on loopback: three web services of which one fails and recovers, a mail
 * server that keeps what it gets, and a capture that is played at its own pace. Needs no privilege.
 */
export async function startDemo(dataDir: string, captureFile: string): Promise<Demo> {
  const catcher = new MailCatcher();
  const port = await catcher.start();
  const shop = await startTarget('Shop', null);
  const intranet = await startTarget('Intranet', OUTAGE);
  const files = await startTarget('Files', null);
  const configFile = path.join(dataDir, 'demo.yaml');
  writeFileSync(configFile, `# The demo's configuration. A good place to start from.\n${stringify(demoConfig({ mail: port, shop: shop.port, intranet: intranet.port, files: files.port }))}`, { mode: 0o600 });
  return {
    configFile, captureFile,
    mail: { list: async () => catcher.mails().map(storedMail) },
    onMail: (listener) => void catcher.onMail((mail) => listener(mail.id)),
    async stop() {
      await Promise.all([catcher.stop(), shop.stop(), intranet.stop(), files.stop()]);
    },
  };
}

/** A demo begins from nothing each time. */
export function clearDemoData(dataDir: string): void {
  for (const name of readdirSync(dataDir)) if (!name.endsWith('.lock') && !name.endsWith('.pid')) rmSync(path.join(dataDir, name), { recursive: true, force: true });
}

function storedMail(mail: CaughtMail): StoredMail {
  return { id: mail.id, receivedAt: BigInt(Date.parse(mail.receivedAt)) * 1_000_000n, from: mail.from, to: mail.to, subject: mail.subject, text: mail.text, tls: null };
}

function demoConfig(ports: { mail: number; shop: number; intranet: number; files: number }): ConfigInput {
  const service = (id: string, name: string, port: number): NonNullable<ConfigInput['targets']>[number] => ({
    id, name, address: '127.0.0.1',
    checks: [
      { type: 'http', interval: '2s', timeout: '1s', options: { url: `http://127.0.0.1:${port}/` }, hysteresis: { failAfter: 3, recoverAfter: 2, recheckInterval: '1s' } },
      { type: 'tcp', interval: '5s', timeout: '1s', options: { port, count: 5 } },
    ],
  });
  return {
    version: 1,
    sensor: { id: 'demo', site: 'office' },
    networks: [{ cidr: '10.20.0.0/24', site: 'office', name: 'Office' }, { cidr: 'fd20::/64', site: 'office', name: 'Office' }],
    targets: [service('shop', 'Shop', ports.shop), service('intranet', 'Intranet', ports.intranet), service('files', 'Files', ports.files)],
    detectors: {
      // A minute is short: learn for 15 seconds, and judge calls home every five.
      'new-device': { learnSeconds: 15 },
      beacon: { minConnections: 15, judgeEverySeconds: 5 },
    },
    evidence: { before: '30s', after: '5s' },
    channels: { mail: { type: 'smtp', host: '127.0.0.1', port: ports.mail, tls: 'none', from: 'wirewatch@example.test', to: ['you@example.test'] } },
    alerting: {
      route: { receiver: 'default', groupBy: ['alertname', 'target', 'src', 'mac'], groupWait: '2s', groupInterval: '5s', repeatInterval: '1h' },
      receivers: { default: { channels: ['mail'] } },
    },
  };
}
