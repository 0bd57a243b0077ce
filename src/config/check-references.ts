import { isIpv4, parseIp } from '../base/ip.ts';
import { nearestNames } from '../base/nearest.ts';
import type { RouteNode } from './alerting-schema.ts';
import { formatKey, type ConfigIssue } from './config-issue.ts';
import type { Config } from './schema.ts';
import type { KeyPath, SourceMap } from './source-map.ts';

/** What no single key can know: names that are used and not defined, ids given twice, an open listener without TLS. */
export function checkReferences(config: Config, source: SourceMap): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const add = (path: KeyPath, message: string, remedy?: string): void => {
    issues.push({ key: formatKey(path), message, place: source.placeOf(path), remedy });
  };
  const refer = (path: KeyPath, kind: string, name: string, known: readonly string[]): void => {
    if (known.includes(name)) return;
    const [nearest] = nearestNames(name, known);
    add(path, `there is no ${kind} "${name}"`, nearest === undefined ? (known.length === 0 ? `define one` : `known: ${known.join(', ')}`) : `did you mean "${nearest}"?`);
  };

  const targetIds = config.targets.map(targetIdOf);
  const seenTargets = new Set<string>();
  const seenChecks = new Set<string>();
  for (const [t, target] of config.targets.entries()) {
    const id = targetIds[t];
    if (seenTargets.has(id)) add(['targets', t, target.id === undefined ? 'address' : 'id'], `two targets are named "${id}"`, 'give one of them an `id` of its own');
    seenTargets.add(id);
    for (const [p, parent] of target.parents.entries()) {
      if (parent === id) add(['targets', t, 'parents', p], 'a target cannot be its own parent');
      else refer(['targets', t, 'parents', p], 'target', parent, targetIds);
    }
    for (const [c, check] of target.checks.entries()) {
      const checkId = checkIdOf(target, c);
      if (seenChecks.has(checkId)) add(['targets', t, 'checks', c], `two checks are named "${checkId}"`, 'give one of them an `id` of its own');
      seenChecks.add(checkId);
      if (check.timeout > check.interval) add(['targets', t, 'checks', c, 'timeout'], 'the timeout is longer than the interval', 'rounds would overlap: shorten it');
    }
  }
  for (const cycle of parentCycles(config)) add(['targets', cycle, 'parents'], 'the parents form a circle');

  const channels = Object.keys(config.channels);
  for (const [name, receiver] of Object.entries(config.alerting.receivers)) {
    for (const [i, channel] of receiver.channels.entries()) refer(['alerting', 'receivers', name, 'channels', i], 'channel', channel, channels);
  }
  const receivers = Object.keys(config.alerting.receivers);
  for (const [name, receiver] of Object.entries(config.alerting.receivers)) {
    for (const [i, other] of receiver.also.entries()) refer(['alerting', 'receivers', name, 'also', i], 'receiver', other, receivers);
  }
  const intervals = Object.keys(config.alerting.timeIntervals);
  const walk = (route: RouteNode, path: KeyPath): void => {
    if (route.receiver !== undefined) refer([...path, 'receiver'], 'receiver', route.receiver, receivers);
    for (const key of ['activeIntervals', 'muteIntervals'] as const) {
      for (const [i, name] of (route[key] ?? []).entries()) refer([...path, key, i], 'time interval', name, intervals);
    }
    for (const [i, child] of (route.routes ?? []).entries()) walk(child, [...path, 'routes', i]);
  };
  if (config.alerting.route !== undefined) {
    walk(config.alerting.route, ['alerting', 'route']);
    if (config.alerting.route.receiver === undefined) add(['alerting', 'route'], 'the root route needs a receiver');
  }
  for (const [r, rule] of config.actions.rules.entries()) {
    for (const [m, text] of rule.matchers.entries()) {
      if (!/^[^=!~]+=(?!~)/.test(text)) add(['actions', 'rules', r, 'matchers', m], 'an action is for exact labels', 'write label="value"; one rule for each value');
    }
  }
  if (config.listen.tls !== undefined) add(['listen', 'tls'], 'this version does not end TLS itself', 'listen on 127.0.0.1 and put a proxy in front (listen.behindProxy, listen.publicUrl)');
  for (const [a, anchor] of config.anchors.entries()) {
    if (anchor.method === 'tcp' && anchor.port === undefined) add(['anchors', a], 'an anchor with method tcp needs a port');
  }
  if (!isLoopback(config.listen.address) && config.listen.tls === undefined && !config.listen.behindProxy) {
    add(['listen', 'address'], `${config.listen.address} is reachable from other machines, and there is no TLS`, 'listen on 127.0.0.1 behind a proxy that ends TLS; or set listen.behindProxy where the proxy is another machine of a trusted network');
  }
  return issues;
}

/** Id of a target: its own, or its address. */
export function targetIdOf(target: Config['targets'][number]): string {
  return target.id ?? target.address;
}

/** Id of a target's check: its own, or target and type, numbered where a target has several of a type. */
export function checkIdOf(target: Config['targets'][number], index: number): string {
  const check = target.checks[index];
  if (check.id !== undefined) return check.id;
  const same = target.checks.slice(0, index).filter((c) => c.id === undefined && c.type === check.type).length;
  return `${targetIdOf(target)}/${check.type}${same === 0 ? '' : `-${same + 1}`}`;
}

export function isLoopback(address: string): boolean {
  const ip = parseIp(address);
  if (ip === undefined) return address === 'localhost';
  return isIpv4(ip) ? ip.slice(24, 26) === '7f' : ip === '00000000000000000000000000000001';
}

/** Indices of targets that are their own ancestors. */
function parentCycles(config: Config): number[] {
  const parentsOf = new Map(config.targets.map((t) => [targetIdOf(t), t.parents]));
  const reaches = (from: string, goal: string, seen: Set<string>): boolean => {
    for (const parent of parentsOf.get(from) ?? []) {
      if (parent === goal) return true;
      if (seen.has(parent)) continue;
      seen.add(parent);
      if (reaches(parent, goal, seen)) return true;
    }
    return false;
  };
  return config.targets.flatMap((t, i) => (!t.parents.includes(targetIdOf(t)) && reaches(targetIdOf(t), targetIdOf(t), new Set()) ? [i] : []));
}
