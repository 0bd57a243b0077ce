import { parseMatcher } from '../alert/matcher.ts';
import type { RouteConfig } from '../alert/route.ts';
import { parseTimeInterval } from '../base/time-interval.ts';
import type { AlertConfig } from '../alert/alert-state.ts';
import type { RouteNode } from '../config/alerting-schema.ts';
import { checkIdOf, targetIdOf } from '../config/check-references.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { findSecrets, isSecretRef, resolveSecret, type SecretSurroundings } from '../config/secret.ts';
import { INCIDENT_DEFAULTS, type IncidentConfig } from '../incident/incident-state.ts';
import type { CheckId, TargetId } from '../model/index.ts';
import { channels as channelKinds } from '../notify/channels.generated.ts';
import { createChannel } from '../notify/channel-instance.ts';
import type { ChannelDefinition } from '../notify/define-channel.ts';
import type { ChannelInstance } from '../notify/outbox-runner.ts';
import { OUTBOX_DEFAULTS, type OutboxConfig } from '../notify/outbox-state.ts';
import type { LoopConfig } from '../pipeline/loop-runner.ts';
import { RESPOND_DEFAULTS, type RespondPolicy } from '../respond/respond-state.ts';

/** Turns sections of the configuration into what each part takes. Nothing here has a state or reads a clock. */

function routeOf(node: RouteNode, receivers: LoadedConfig['config']['alerting']['receivers']): RouteConfig {
  return {
    receiver: node.receiver,
    matchers: node.matchers?.map(parseMatcher),
    groupBy: node.groupBy,
    groupWaitMs: node.groupWait,
    groupIntervalMs: node.groupInterval,
    repeatIntervalMs: node.repeatInterval,
    continue: node.continue,
    also: node.receiver === undefined ? undefined : receivers[node.receiver]?.also,
    activeIntervals: node.activeIntervals,
    muteIntervals: node.muteIntervals,
    routes: node.routes?.map((child) => routeOf(child, receivers)),
  };
}

/** Receiver of alerts where no route is configured. */
const DEFAULT_RECEIVER = 'default';

export function alertConfigOf({ config }: LoadedConfig): AlertConfig {
  const { alerting } = config;
  const names = Object.keys(alerting.receivers);
  const route: RouteConfig = alerting.route === undefined
    ? { receiver: names.includes(DEFAULT_RECEIVER) || names.length === 0 ? DEFAULT_RECEIVER : names[0], groupBy: ['alertname', 'target', 'src'], groupWaitMs: 5000 }
    : routeOf(alerting.route, alerting.receivers);
  return {
    route,
    // Who has no channel is nobody: what is routed there is kept with its reason, and not told.
    receivers: Object.entries(alerting.receivers).filter(([, r]) => r.channels.length > 0).map(([name, r]) => ({ name, sendResolved: r.sendResolved, templates: r.templates })),
    inhibit: alerting.inhibit.map((r) => ({ source: r.source.map(parseMatcher), target: r.target.map(parseMatcher), equal: r.equal })),
    lifecycle: alerting.lifecycle.map((r) => ({
      matchers: r.matchers.map(parseMatcher),
      ...(r.for === undefined ? {} : { forMs: r.for }),
      ...(r.keepFiringFor === undefined ? {} : { keepFiringForMs: r.keepFiringFor }),
      ...(r.staleAfter === undefined ? {} : { staleAfterMs: r.staleAfter }),
    })),
    timeIntervals: Object.fromEntries(Object.entries(alerting.timeIntervals).map(([name, list]) => [name, list.map(parseTimeInterval)])),
    maxAlerts: alerting.maxAlerts,
  };
}

export function incidentConfigOf({ config }: LoadedConfig): IncidentConfig {
  const playbook = config.actions.rules
    .filter((rule) => (rule.mode ?? config.actions.policy.mode) !== 'off')
    .map((rule) => ({
      labels: Object.fromEntries(rule.matchers.map(parseMatcher).filter((m) => m.op === '=').map((m) => [m.label, m.value])),
      action: rule.action,
      options: rule.options,
    }));
  return { ...INCIDENT_DEFAULTS, evidenceBeforeMs: config.evidence.before, evidenceAfterMs: config.evidence.after, playbook };
}

export function outboxConfigOf({ config }: LoadedConfig): OutboxConfig {
  const chains = Object.fromEntries(Object.entries(config.alerting.receivers).map(([name, r]) => [name, r.channels.map((channel) => ({ channel, deadlineMs: r.deadline }))]));
  const kinds = new Map((channelKinds as readonly ChannelDefinition[]).map((kind) => [kind.name, kind]));
  const traits = Object.fromEntries(Object.entries(config.channels).map(([name, { type }]) => [name, { perGroup: kinds.get(type)?.perGroup, paceMs: kinds.get(type)?.paceMs }]));
  return { ...OUTBOX_DEFAULTS, chains, traits };
}

export function loopConfigOf(loaded: LoadedConfig): LoopConfig {
  return { alert: alertConfigOf(loaded), incident: incidentConfigOf(loaded), outbox: outboxConfigOf(loaded) };
}

/** Options with the values of their secrets: made late, for the part that uses them, and never stored. */
function withSecrets(value: unknown, at: SecretSurroundings): unknown {
  if (isSecretRef(value)) return resolveSecret(value, at);
  if (Array.isArray(value)) return value.map((v) => withSecrets(v, at));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withSecrets(v, at)]));
}

/** The configured channels, ready to send. Throws WW_CONFIG_SECRET or WW_CONFIG_VALUE. */
export function channelsOf({ config, secrets }: LoadedConfig): Map<string, ChannelInstance> {
  return new Map(Object.entries(config.channels).map(([name, { type, ...options }]) => [
    name, createChannel(name, type, withSecrets(options, secrets), channelKinds as readonly ChannelDefinition[]),
  ]));
}

export function respondPolicyOf({ config }: LoadedConfig): RespondPolicy {
  const { policy, rules } = config.actions;
  // The stricter word holds: one rule that wants a person makes every plan wait for one.
  const auto = policy.mode === 'auto' && rules.every((rule) => rule.mode !== 'approve');
  return {
    ...RESPOND_DEFAULTS,
    approve: auto ? ['high'] : ['none', 'low', 'high'],
    approvalTimeoutMs: policy.approvalTimeout,
    global: policy.maxRuns,
    windowMs: policy.window,
    cooldownMs: policy.cooldown,
  };
}

/** A check as the prober takes it. */
export interface CheckSpecRecord {
  readonly id: CheckId;
  readonly targetId: TargetId;
  readonly title: string;
  readonly probe: string;
  readonly options: unknown;
  readonly address: string;
  readonly family: 'any' | 'ipv4' | 'ipv6';
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly thresholds: {
    readonly loss: number; readonly lossRounds: number; readonly latencyMs?: number | undefined; readonly latencyOf: 'min' | 'median' | 'average' | 'p95' | 'max';
    readonly jitterMs?: number | undefined; readonly certificateExpiryMs?: number | undefined;
  };
  readonly hysteresis: { readonly failAfter: number; readonly recoverAfter: number; readonly recheckIntervalMs: number };
  readonly parents: readonly TargetId[];
  readonly labels: Readonly<Record<string, string>>;
  readonly trace: boolean;
}

export function checkSpecsOf({ config }: LoadedConfig): CheckSpecRecord[] {
  return config.targets.flatMap((target) => target.checks.map((check, i): CheckSpecRecord => {
    const name = target.name ?? target.address;
    return {
      id: checkIdOf(target, i) as CheckId,
      targetId: targetIdOf(target) as TargetId,
      title: target.checks.length > 1 ? `${name} (${check.type})` : name,
      probe: check.type,
      options: check.options,
      address: target.address,
      family: target.family,
      intervalMs: check.interval,
      timeoutMs: check.timeout,
      thresholds: {
        loss: check.thresholds.loss, lossRounds: check.thresholds.lossRounds, latencyMs: check.thresholds.latency, latencyOf: check.thresholds.latencyOf,
        jitterMs: check.thresholds.jitter, certificateExpiryMs: check.thresholds.certificateExpiry,
      },
      hysteresis: { failAfter: check.hysteresis.failAfter, recoverAfter: check.hysteresis.recoverAfter, recheckIntervalMs: check.hysteresis.recheckInterval },
      parents: target.parents as TargetId[],
      labels: { ...target.labels, name, host: target.address, ...(target.site === undefined ? {} : { site: target.site }) },
      trace: target.trace && config.tracing.enabled,
    };
  }));
}

export function anchorSpecsOf({ config }: LoadedConfig): { address: string; method: 'icmp' | 'tcp'; port: number | undefined; operator: string }[] {
  return config.anchors.map((a) => ({ address: a.address, method: a.method, port: a.port, operator: a.operator ?? a.address }));
}

/** Values that no log may show. */
export function secretValuesOf({ config, secrets }: LoadedConfig): string[] {
  return findSecrets(config).flatMap(({ ref }) => {
    try {
      return [resolveSecret(ref, secrets)];
    } catch {
      return [];
    }
  });
}
