import { z } from 'zod';
import { duration, identifier, ratio } from './quantities.ts';

/** When a round counts as slow or lossy, and how many rounds make a state. */
export const thresholdsSchema = z
  .strictObject({
    loss: ratio().default(0.2).describe('DEGRADED where more than this share of packets is lost.'),
    lossRounds: z.int().min(1).max(1000).default(1).describe('Rounds over which the loss is counted.'),
    latency: duration(0).optional().describe('DEGRADED where the round-trip time is above this.'),
    latencyOf: z.enum(['min', 'median', 'average', 'p95', 'max']).default('median').describe('Which value of a round is compared with `latency`.'),
    jitter: duration(0).optional().describe('DEGRADED where the mean difference of neighbouring samples is above this.'),
    certificateExpiry: duration(0).optional().describe('DEGRADED where the certificate ends within this time.'),
  })
  .prefault({});

/** Rounds that it takes to be believed, in either direction. */
export const hysteresisSchema = z
  .strictObject({
    failAfter: z.int().min(1).max(100).default(3).describe('Failed rounds in a row before the state is hard.'),
    recoverAfter: z.int().min(1).max(100).default(2).describe('Good rounds in a row before it is over.'),
    recheckInterval: duration(100).prefault('2s').describe('While in doubt the next round comes after this time.'),
  })
  .prefault({});

const checkShape = {
  id: identifier.optional().describe('Stable name of the check; made of target and type where it is left out.'),
  type: z.string().min(1).describe('Kind of probe; `wirewatch probe --help` lists them.'),
  interval: duration(1000).prefault('30s').describe('Time between the beginnings of two rounds.'),
  timeout: duration(10).prefault('5s').describe('A round ends after this time; what has not answered is lost.'),
  thresholds: thresholdsSchema,
  hysteresis: hysteresisSchema,
  options: z.record(z.string(), z.unknown()).default({}).describe('Options of the probe; `wirewatch config explain targets.checks.options` lists them.'),
};

export const checkSchema = z.strictObject(checkShape);

export const targetSchema = z.strictObject({
  id: identifier.optional().describe('Stable name; the address where it is left out.'),
  name: z.string().min(1).max(200).optional().describe('For people; the address where it is left out.'),
  address: z.string().min(1).max(253).describe('Address or host name.'),
  family: z.enum(['any', 'ipv4', 'ipv6']).default('any').describe('Address family that is probed; make two targets to watch both.'),
  site: identifier.optional(),
  parents: z.array(identifier).max(32).default([]).describe('Targets on the way to this one: where all are down, this one is UNREACHABLE, not DOWN.'),
  labels: z.record(identifier, z.string().max(200)).default({}).describe('Labels that its alerts carry, for routes and silences.'),
  checks: z.array(checkSchema).max(64).prefault([{ type: 'icmp' }]).describe('What is measured; one ICMP check where it is left out.'),
  trace: z.boolean().default(true).describe('Trace and keep the path to it.'),
});

/** Hosts outside that show whether the monitor itself is connected; three of independent operators make the verdict sure. */
export const anchorSchema = z.strictObject({
  name: z.string().min(1).optional(),
  address: z.string().min(1).max(253),
  method: z.enum(['icmp', 'tcp']).default('icmp'),
  port: z.int().min(1).max(65535).optional().describe('For `tcp`.'),
  operator: z.string().min(1).optional().describe('Who runs it: two anchors of one operator count once.'),
});

export type CheckConfig = z.output<typeof checkSchema>;
export type TargetConfig = z.output<typeof targetSchema>;
export type AnchorConfig = z.output<typeof anchorSchema>;
export type ThresholdsConfig = z.output<typeof thresholdsSchema>;
export type HysteresisConfig = z.output<typeof hysteresisSchema>;
