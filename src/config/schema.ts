import { z } from 'zod';
import { actionsSchema, alertingSchema, channelSchema } from './alerting-schema.ts';
import { anchorSchema, targetSchema } from './check-schema.ts';
import { cidr, duration, identifier, ipAddress, size } from './quantities.ts';
import { secretRef } from './secret.ts';

const networkSchema = z.strictObject({
  cidr,
  site: identifier.default('default'),
  name: z.string().min(1).max(200).optional(),
});

const listenSchema = z
  .strictObject({
    address: ipAddress.default('127.0.0.1').describe('Loopback unless you say otherwise; beyond loopback a proxy must end TLS.'),
    port: z.int().min(0).max(65535).default(8420).describe('0 = any free port.'),
    publicUrl: z.url().optional().describe('Address of the console as people reach it, for links in messages.'),
    tls: z.strictObject({ certificate: z.string().min(1).describe('PEM file with the chain.'), key: secretRef }).optional(),
    behindProxy: z.boolean().default(false).describe('A proxy in front ends TLS; without one nothing but loopback is listened on.'),
  })
  .prefault({});

const captureSchema = z
  .strictObject({
    enabled: z.enum(['auto', 'yes', 'no']).default('auto').describe('auto = capture where the privilege is there.'),
    interfaces: z.array(z.string().min(1).max(15)).max(64).default([]).describe('Empty = those that lead to the default gateways.'),
    filter: z.string().max(4096).default('').describe('Capture filter (BPF) for libpcap.'),
    snaplen: z.int().min(64).max(262_144).default(262_144).describe('Bytes kept of each packet.'),
    promiscuous: z.boolean().default(false),
    ring: size(2 ** 20).prefault('32MiB').describe('Kernel ring buffer for each interface.'),
    packets: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Keep packets on disk, so that an incident has those from before it.'),
        maxSize: size(2 ** 20).prefault('1GiB').describe('Cap of the packet store; the oldest packets go first.'),
        maxAge: duration(60_000).prefault('24h').describe('Payload retention: packets older than this are deleted.'),
      })
      .prefault({}),
  })
  .prefault({});

const retentionSchema = z
  .strictObject({
    records: duration(3_600_000).prefault('30d').describe('Flows, transactions, probe results and signals are kept this long, by whole days.'),
    maxSize: size(2 ** 20).prefault('20GiB').describe('Cap of the telemetry store; the oldest days go first.'),
  })
  .prefault({});

const storeSchema = z
  .strictObject({
    memory: size(64 * 2 ** 20).prefault('192MiB').describe('Memory limit of the telemetry store.'),
    threads: z.int().min(1).max(64).default(2),
    queryDeadline: duration(100).prefault('20s').describe('A query that takes longer is stopped.'),
  })
  .prefault({});

const loggingSchema = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    file: z.string().min(1).optional().describe('Also write to this file.'),
    form: z.enum(['json', 'script']).default('json').describe('script = "time - LEVEL - message", the form of the monitoring script of seed 002.'),
  })
  .prefault({});

const evidenceSchema = z
  .strictObject({
    before: duration(0).prefault('2m').describe('Packets and records from this long before an incident are frozen.'),
    after: duration(0).prefault('1m').describe('And this long after it opened.'),
    maxSize: size(2 ** 16).prefault('64MiB').describe('Most packet bytes in one bundle.'),
  })
  .prefault({});

const tracingSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    interval: duration(10_000).prefault('10m'),
    maxHops: z.int().min(1).max(64).default(30),
  })
  .prefault({});

/** The whole configuration. Descriptions are user documentation: `config explain`, `config schema` and the reference show them. */
export const configSchema = z.strictObject({
  version: z.literal(1).default(1).describe('Version of this form.'),
  data: z.string().min(1).optional().describe('Data folder; `--data` wins.'),
  sensor: z
    .strictObject({
      id: identifier.optional().describe('Name of this sensor in records; the host name where it is left out.'),
      site: identifier.default('default').describe('Where it stands.'),
    })
    .prefault({}),
  networks: z.array(networkSchema).max(4096).default([]).describe('What is ours, by site: decides direction, local and remote. Empty = private address ranges.'),
  listen: listenSchema,
  capture: captureSchema,
  retention: retentionSchema,
  store: storeSchema,
  evidence: evidenceSchema,
  logging: loggingSchema,
  tracing: tracingSchema,
  targets: z.array(targetSchema).max(10_000).default([]).describe('What is probed; without any, the default gateways and resolvers of this machine.'),
  anchors: z.array(anchorSchema).max(32).default([]).describe("Hosts outside by which the monitor judges its own uplink; three of independent operators make it sure."),
  detectors: z.record(identifier, z.looseObject({ enabled: z.boolean().default(true) })).default({}).describe('Options of detectors, by name.'),
  alerting: alertingSchema,
  channels: z.record(identifier, channelSchema).default({}).describe('Ways to reach people, by name.'),
  actions: actionsSchema,
});

/** The configuration after defaults: durations in milliseconds, sizes in bytes, shares 0 to 1. */
export type Config = z.output<typeof configSchema>;
/** The configuration as written. */
export type ConfigInput = z.input<typeof configSchema>;
