import path from 'node:path';
import { z } from 'zod';
import type { ConfigInput } from './schema.ts';

/**
 * The JSON of the monitoring script of seed 002 (section 4.2 of its document).
 *
 * Unknown keys are mistakes, as everywhere; every section may be absent, with the script's own defaults.
 */
export const seed002Schema = z.strictObject({
  monitor_interval: z.number().min(1).max(86_400).default(10).describe('Seconds between two rounds.'),
  targets: z
    .array(z.strictObject({ host: z.string().min(1).max(253), name: z.string().min(1).max(200).optional() }))
    .min(1)
    .max(1000),
  thresholds: z
    .strictObject({ latency_ms: z.number().min(0).default(100), packet_loss_percent: z.number().min(0).max(100).default(5) })
    .prefault({}),
  alert: z
    .strictObject({
      email: z.union([z.string().min(3), z.array(z.string().min(3)).min(1)]).optional(),
      smtp_server: z.string().min(1).optional(),
      smtp_port: z.int().min(1).max(65535).default(587),
      smtp_user: z.string().min(1).optional(),
      smtp_password: z.string().optional(),
    })
    .prefault({}),
  logging: z
    .strictObject({
      log_file: z.string().min(1).default('/etc/network_monitor/network_monitor.log'),
      log_level: z.string().regex(/^(debug|info|warning|error|critical)$/i, { error: (i) => `"${String(i.input)}" is not a log level; use DEBUG, INFO, WARNING, ERROR or CRITICAL` }).default('INFO'),
    })
    .prefault({}),
});

export type Seed002 = z.output<typeof seed002Schema>;

/** Echo requests in a round, in place of the script's single ping. */
export const SEED_BURST = 10;
/** Rounds over which the loss is counted. */
export const SEED_LOSS_ROUNDS = 10;

/** The script's form is told by its own words at the top. */
export function isSeed002(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return ['monitor_interval', 'thresholds', 'alert'].some((key) => key in value) && !('version' in value);
}

/** Where the translation keeps the mail password: in the file itself, under its own key. */
export const SEED_PASSWORD_ENV = 'WIREWATCH_SEED_SMTP_PASSWORD';

/**
 * Writes the script's configuration in our form.
 *
 * Every `monitor_interval` a burst of 10; latency is the median of the burst, loss is over the last 10 rounds, both compared with
 * `>`. Subjects and first lines are the script's; each message is sent once, and once more when it is over. The password is not
 * part of the result: the channel refers to it, and the caller resolves it from the loaded seed.
 */
export function translateSeed002(seed: Seed002, file: string): { readonly input: ConfigInput; readonly findings: readonly { key: string; message: string; remedy: string }[] } {
  const seconds = (value: number): string => `${value}s`;
  const findings: { key: string; message: string; remedy: string }[] = [];
  const ids = new Set<string>();
  const targets = seed.targets.map((target) => {
    const base = target.host.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 56) || 'target';
    let id = base;
    for (let n = 2; ids.has(id); n++) id = `${base}-${n}`;
    ids.add(id);
    return {
      id,
      name: target.name ?? target.host,
      address: target.host,
      labels: { host: target.host, name: target.name ?? target.host },
      checks: [
        {
          type: 'icmp',
          interval: seconds(seed.monitor_interval),
          timeout: seconds(Math.min(4, seed.monitor_interval)),
          options: { count: SEED_BURST },
          thresholds: {
            loss: `${seed.thresholds.packet_loss_percent}%`,
            lossRounds: SEED_LOSS_ROUNDS,
            latency: `${seed.thresholds.latency_ms}ms`,
            latencyOf: 'median' as const,
          },
          // The script speaks after one round; so does this, once a round of ten echo requests is its own re-check.
          hysteresis: { failAfter: 1, recoverAfter: 1, recheckInterval: '1s' },
        },
      ],
    };
  });

  const mail = seed.alert.email !== undefined && seed.alert.smtp_server !== undefined;
  if (!mail) {
    findings.push({ key: 'alert', message: 'no mail can be sent: `email` or `smtp_server` is missing', remedy: 'add both to the section `alert`' });
  }
  const user = seed.alert.smtp_user;
  const to = typeof seed.alert.email === 'string' ? [seed.alert.email] : (seed.alert.email ?? []);
  const channels: ConfigInput['channels'] = mail
    ? {
        mail: {
          type: 'smtp',
          host: seed.alert.smtp_server,
          port: seed.alert.smtp_port,
          // The script never verified the certificate; this does (fault S9).
          tls: seed.alert.smtp_port === 465 ? 'implicit' : 'starttls',
          from: user ?? to[0],
          to,
          ...(user === undefined || seed.alert.smtp_password === undefined ? {} : { user, password: { env: SEED_PASSWORD_ENV } }),
        },
      }
    : {};
  const input: ConfigInput = {
    version: 1,
    targets,
    channels,
    alerting: {
      route: {
        receiver: 'default',
        groupBy: ['...'],
        groupWait: '0s',
        groupInterval: '1s',
        // Sent once: a year is longer than an outage.
        repeatInterval: '52w',
      },
      receivers: mail ? { default: { channels: ['mail'], templates: [...SEED_TEMPLATES] } } : {},
    },
    logging: {
      level: seedLevel(seed.logging.log_level),
      file: path.resolve(path.dirname(file), seed.logging.log_file),
      form: 'script',
    },
  };
  if (!mail) delete input.alerting!.route;
  return { input, findings };
}

/** Subjects and sentences of the script, and the same for what it never said: that it is over, and loss. */
export const SEED_TEMPLATES: readonly { alertnames: string[]; status: 'firing' | 'resolved'; subject: string; body: string }[] = [
  { alertnames: ['check-down'], status: 'firing', subject: 'Network Alert: {{name}} Down', body: 'No response from {{name}} ({{host}}).\n\n{{alerts}}' },
  { alertnames: ['check-down'], status: 'resolved', subject: 'Network Alert: {{name}} Down - Resolved', body: '{{name}} ({{host}}) responds again.\n\n{{alerts}}' },
  { alertnames: ['check-latency'], status: 'firing', subject: 'Network Alert: High Latency on {{name}}', body: 'High latency detected for {{name}} ({{host}}): {{latency_ms}} ms.\n\n{{alerts}}' },
  { alertnames: ['check-latency'], status: 'resolved', subject: 'Network Alert: High Latency on {{name}} - Resolved', body: 'Latency of {{name}} ({{host}}) is within its limit again.\n\n{{alerts}}' },
  { alertnames: ['check-loss'], status: 'firing', subject: 'Network Alert: Packet Loss on {{name}}', body: 'Packet loss detected for {{name}} ({{host}}): {{loss_percent}} %.\n\n{{alerts}}' },
  { alertnames: ['check-loss'], status: 'resolved', subject: 'Network Alert: Packet Loss on {{name}} - Resolved', body: 'Packet loss of {{name}} ({{host}}) is within its limit again.\n\n{{alerts}}' },
];

function seedLevel(level: string): 'debug' | 'info' | 'warn' | 'error' {
  const levels: Readonly<Record<string, 'debug' | 'info' | 'warn' | 'error'>> = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error', CRITICAL: 'error' };
  return levels[level.toUpperCase()] ?? 'info';
}
