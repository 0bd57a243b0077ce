import { WirewatchError } from '../base/errors.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Signal } from '../model/index.ts';
import {
  type AlertConfig, type AlertDeps, type AlertEngineState, type AlertGroup, type AlertInput, type AlertOutput, type AlertStep, type ReceiverConfig,
} from './alert-state.ts';
import { fingerprintOf, type Labels } from './fingerprint.ts';
import { flushGroups } from './flush.ts';
import { ageAlert, dueAt, foldSignal, identityLabels, LIFECYCLE_DEFAULTS, retireAlert, type LifecycleStep, type LifecycleTimes } from './lifecycle.ts';
import { compileMatchers, type LabelTest } from './matcher.ts';
import { checkSilence, compileInhibitRules, matchLabels, MuteMatcher, silenceState, type CompiledInhibitRule } from './mute.ts';
import { compileRoutes, findRoutes, groupLabelsOf, type Route } from './route.ts';
import type { TimeIntervals } from '../base/time-interval.ts';

/** Expired silences are listed for five days (Alertmanager's retention). */
const SILENCE_KEPT = nanosFromMs(5 * 86_400_000);

type MapName = 'alerts' | 'groups' | 'told' | 'silences' | 'windows' | 'incidents';
type Maps = { [K in MapName]: Record<string, AlertEngineState[K][string]> };

/** A state that one step may change. A map is copied when it is first written: who keeps states sees what stayed the same. */
class Draft {
  alerts: AlertEngineState['alerts'];
  groups: AlertEngineState['groups'];
  told: AlertEngineState['told'];
  silences: AlertEngineState['silences'];
  windows: AlertEngineState['windows'];
  incidents: AlertEngineState['incidents'];
  refused: number;
  readonly #own = new Set<MapName>();

  constructor(state: AlertEngineState) {
    this.alerts = state.alerts;
    this.groups = state.groups;
    this.told = state.told;
    this.silences = state.silences;
    this.windows = state.windows;
    this.incidents = state.incidents;
    this.refused = state.refused;
  }

  /** The map, to write into. */
  own<K extends MapName>(name: K): Maps[K] {
    if (!this.#own.has(name)) {
      this.#own.add(name);
      (this as Maps)[name] = { ...(this as Maps)[name] };
    }
    return (this as Maps)[name];
  }

  state(): AlertEngineState {
    const { alerts, groups, told, silences, windows, incidents, refused } = this;
    return { version: 1, alerts, groups, told, silences, windows, incidents, refused };
  }
}

/**
 * Turns signals into alerts and alerts into notifications, with Alertmanager's meanings.
 *
 * ```
 * signal -> pending --for--> firing --resolved signal, keep_firing_for, or staleness--> resolved
 *                              |                                                          |
 *                       route -> group --group_wait, group_interval--> mute? -> dedup -> notification
 * ```
 *
 * An instance holds only compiled configuration; `step` neither reads a clock nor keeps anything, and leaves the state it was
 * given as it was, so that a step that throws has changed nothing.
 */
export class AlertEngine {
  readonly #host: AlertDeps['host'];
  readonly #maxAlerts: number;
  readonly #route: Route;
  readonly #receivers: ReadonlyMap<string, ReceiverConfig>;
  readonly #inhibit: readonly CompiledInhibitRule[];
  readonly #lifecycle: readonly { readonly matches: LabelTest; readonly times: Partial<LifecycleTimes> }[];
  readonly #mutes: MuteMatcher;
  readonly #intervals: TimeIntervals;

  /** Throws a `WirewatchError` for matchers or routes that do not fit. */
  constructor(config: AlertConfig, deps: AlertDeps) {
    this.#host = deps.host;
    this.#maxAlerts = config.maxAlerts;
    this.#route = compileRoutes(config.route, deps.regex);
    this.#receivers = new Map(config.receivers.map((r) => [r.name, r]));
    this.#inhibit = compileInhibitRules(config.inhibit, deps.regex);
    this.#lifecycle = config.lifecycle.map(({ matchers, ...times }) => ({ matches: compileMatchers(matchers, deps.regex), times }));
    this.#mutes = new MuteMatcher(deps.regex);
    this.#intervals = config.timeIntervals ?? {};
  }

  step(state: AlertEngineState, input: AlertInput, now: Nanos): AlertStep {
    const draft = new Draft(state);
    const outputs: AlertOutput[] = [];
    switch (input.kind) {
      case 'signal':
        this.#signal(draft, input.signal, now, outputs);
        break;
      case 'tick':
        this.#tick(draft, now, outputs);
        break;
      case 'silence':
        checkSilence(input.silence);
        this.#mutes.matches(input.silence.matchers, {});
        draft.own('silences')[input.silence.id] = input.silence;
        wakeAll(draft, now);
        break;
      case 'expire_silence': {
        const silence = draft.silences[input.id];
        if (silence === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no silence ${input.id}`);
        if (silenceState(silence, now) !== 'expired') draft.own('silences')[input.id] = { ...silence, endsAt: now };
        wakeAll(draft, now);
        break;
      }
      case 'maintenance':
        draft.windows = Object.fromEntries(input.windows.map((w) => [w.id, w]));
        wakeAll(draft, now);
        break;
      case 'incident':
        if (draft.alerts[input.fingerprint] !== undefined) draft.own('incidents')[input.fingerprint] = { id: input.incidentId, link: input.link };
        break;
      case 'undelivered':
        delete draft.own('told')[input.groupKey];
        wake(draft, input.groupKey, now);
        break;
      case 'retire':
        for (const [fingerprint, tracked] of inOrder(draft.alerts)) {
          const value = tracked.alert.labels[input.label];
          if (value !== undefined && !input.keep.includes(value)) this.#apply(draft, fingerprint, retireAlert(tracked, now), now, outputs);
        }
        break;
      case 'reroute':
        this.#reroute(draft, now);
        wakeAll(draft, now);
        break;
    }
    const next = draft.state();
    return { state: next, outputs, nextDeadline: nextDeadline(next) };
  }

  #signal(draft: Draft, signal: Signal, now: Nanos, outputs: AlertOutput[]): void {
    const labels = identityLabels(signal);
    const fingerprint = fingerprintOf(labels, this.#host);
    const before = draft.alerts[fingerprint];
    if (before === undefined && Object.keys(draft.alerts).length >= this.#maxAlerts) {
      draft.refused++;
      return;
    }
    this.#apply(draft, fingerprint, foldSignal(before, signal, this.#timesOf(signal), now, this.#host), now, outputs);
  }

  #timesOf(signal: Signal): LifecycleTimes {
    const labels = matchLabels({ ...signal, labels: identityLabels(signal) });
    const rule = this.#lifecycle.find((r) => r.matches(labels));
    return { ...LIFECYCLE_DEFAULTS[signal.kind], ...rule?.times };
  }

  #apply(draft: Draft, fingerprint: string, step: LifecycleStep, now: Nanos, outputs: AlertOutput[]): void {
    const { tracked, change } = step;
    if (change === undefined) return;
    if (change === 'dropped') {
      const gone = draft.alerts[fingerprint];
      if (tracked === undefined) delete draft.own('alerts')[fingerprint];
      else draft.own('alerts')[fingerprint] = tracked;
      if (gone !== undefined) outputs.push({ kind: 'alert', alert: { ...gone.alert, updatedAt: now }, change });
      return;
    }
    if (tracked === undefined) return;
    draft.own('alerts')[fingerprint] = tracked;
    outputs.push({ kind: 'alert', alert: tracked.alert, change });
    if (change === 'firing') this.#enterGroups(draft, fingerprint, now);
    if (change !== 'firing' && change !== 'resolved') return;
    // A source of inhibition may matter to any group.
    if (this.#inhibit.length > 0) return wakeAll(draft, now);
    for (const group of Object.values(draft.groups)) if (group.members.includes(fingerprint)) wake(draft, group.key, now);
  }

  #enterGroups(draft: Draft, fingerprint: string, now: Nanos): void {
    const { alert } = draft.alerts[fingerprint];
    const labels = matchLabels(alert);
    for (const route of findRoutes(this.#route, labels)) {
      const groupLabels = groupLabelsOf(route, labels);
      for (const receiver of new Set([route.receiver, ...route.also])) {
        const key = `${receiver}${route.key}:${JSON.stringify(groupLabels)}`;
        const group = draft.groups[key];
        if (group === undefined) draft.own('groups')[key] = openGroup(key, groupLabels, { ...route, receiver }, fingerprint, alert.activeAt, now);
        else if (!group.members.includes(fingerprint)) draft.own('groups')[key] = { ...group, members: [...group.members, fingerprint] };
      }
    }
  }

  #tick(draft: Draft, now: Nanos, outputs: AlertOutput[]): void {
    for (const [fingerprint, tracked] of inOrder(draft.alerts)) this.#apply(draft, fingerprint, ageAlert(tracked, now), now, outputs);
    for (const [key, entry] of Object.entries(draft.told)) if (now >= entry.forgetAt && draft.groups[key] === undefined) delete draft.own('told')[key];
    for (const [id, silence] of Object.entries(draft.silences)) if (now >= silence.endsAt + SILENCE_KEPT) delete draft.own('silences')[id];
    const due = inOrder(draft.groups).map(([, group]) => group).filter((g) => g.nextFlushAt !== null && now >= g.nextFlushAt);
    if (due.length > 0) {
      const rules = { inhibit: this.#inhibit, mutes: this.#mutes, receivers: this.#receivers, intervals: this.#intervals, host: this.#host };
      for (const flush of flushGroups(draft.state(), due, rules, now)) {
        outputs.push(...flush.outputs);
        if (flush.told !== undefined) draft.own('told')[flush.group.key] = flush.told;
        if (flush.members.length === 0) delete draft.own('groups')[flush.group.key];
        else draft.own('groups')[flush.group.key] = rest({ ...flush.group, members: flush.members, flushedAt: now }, draft, now);
      }
    }
    forgetResolved(draft);
  }

  /** Groups of routes that are gone hand what they told to the new group of the same receiver; owed resolves stay with the old one. */
  #reroute(draft: Draft, now: Nanos): void {
    const before = draft.groups;
    draft.groups = {};
    for (const [fingerprint, tracked] of inOrder(draft.alerts)) if (tracked.alert.state === 'firing') this.#enterGroups(draft, fingerprint, now);
    for (const [, group] of inOrder(before)) {
      const told = draft.told[group.key];
      if (draft.groups[group.key] !== undefined) {
        const members = [...new Set([...group.members, ...draft.groups[group.key].members])];
        draft.own('groups')[group.key] = { ...draft.groups[group.key], members, flushedAt: group.flushedAt, nextFlushAt: group.nextFlushAt };
        continue;
      }
      const owed = told?.firing ?? [];
      const heirs = Object.values(draft.groups).filter((g) => g.receiver === group.receiver && before[g.key] === undefined);
      for (const heir of heirs) {
        const inherited = owed.filter((f) => heir.members.includes(f));
        if (told === undefined || inherited.length === 0) continue;
        const already = draft.told[heir.key];
        draft.own('told')[heir.key] = { ...told, firing: [...new Set([...(already?.firing ?? []), ...inherited])], resolved: already?.resolved ?? [] };
      }
      const left = owed.filter((f) => draft.alerts[f] !== undefined && !heirs.some((h) => h.members.includes(f)));
      if (left.length > 0) draft.own('groups')[group.key] = { ...group, members: left };
      else delete draft.own('told')[group.key];
    }
  }
}

/** Entries by key: the order in which a map was filled, or read back, must not show in what comes out. */
function inOrder<V>(map: Readonly<Record<string, V>>): [string, V][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

function openGroup(key: string, labels: Labels, route: Route, fingerprint: string, activeAt: Nanos, now: Nanos): AlertGroup {
  const ready = activeAt + nanosFromMs(route.groupWaitMs);
  return {
    key, labels, receiver: route.receiver, groupIntervalMs: route.groupIntervalMs, repeatIntervalMs: route.repeatIntervalMs,
    ...(route.activeIntervals.length + route.muteIntervals.length === 0 ? {} : { activeIntervals: route.activeIntervals, muteIntervals: route.muteIntervals }),
    members: [fingerprint], flushedAt: null,
    // An alert that is older than group_wait has waited enough.
    nextFlushAt: ready > now ? ready : now,
  };
}

/** The group's next turn at or after `at`: turns come every group_interval from the last one, so that changes are told together. */
function turnAt(group: AlertGroup, flushedAt: Nanos, at: Nanos): Nanos {
  const interval = nanosFromMs(Math.max(1, group.groupIntervalMs));
  const turns = at <= flushedAt ? 1n : (at - flushedAt + interval - 1n) / interval;
  return flushedAt + (turns < 1n ? 1n : turns) * interval;
}

/** Something about the group may have changed: it is looked at in its next turn. */
function wake(draft: Draft, key: string, now: Nanos): void {
  const group = draft.groups[key];
  if (group === undefined || group.flushedAt === null) return;
  const turn = turnAt(group, group.flushedAt, now);
  if (group.nextFlushAt === null || turn < group.nextFlushAt) draft.own('groups')[key] = { ...group, nextFlushAt: turn };
}

function wakeAll(draft: Draft, now: Nanos): void {
  for (const key of Object.keys(draft.groups)) wake(draft, key, now);
}

/** Nothing new: the group rests until time alone can change something, which is a repetition or the edge of a silence. */
function rest(group: AlertGroup, draft: Draft, now: Nanos): AlertGroup {
  const told = draft.told[group.key];
  const edges = [...Object.values(draft.silences), ...Object.values(draft.windows)].flatMap((s) => [s.startsAt, s.endsAt]);
  // A route with time intervals is looked at in every turn, as Alertmanager looks at all of them.
  if (group.activeIntervals !== undefined) edges.push(now + 1n);
  if (told !== undefined) edges.push(told.time + nanosFromMs(group.repeatIntervalMs));
  const next = edges.filter((t) => t > now).reduce<Nanos | null>((a, b) => (a === null || b < a ? b : a), null);
  return { ...group, nextFlushAt: next === null ? null : turnAt(group, now, next) };
}

/** Drops resolved alerts that no group has still to tell. */
function forgetResolved(draft: Draft): void {
  const held = new Set(Object.values(draft.groups).flatMap((g) => g.members));
  for (const [fingerprint, tracked] of Object.entries(draft.alerts)) {
    if (held.has(fingerprint)) continue;
    if (tracked.prior !== null) draft.own('alerts')[fingerprint] = { ...tracked, prior: null };
    if (tracked.alert.state !== 'resolved') continue;
    delete draft.own('alerts')[fingerprint];
    delete draft.own('incidents')[fingerprint];
  }
}

function nextDeadline(state: AlertEngineState): Nanos | null {
  let next: Nanos | null = null;
  const consider = (at: Nanos | null): void => {
    if (at !== null && (next === null || at < next)) next = at;
  };
  for (const tracked of Object.values(state.alerts)) consider(dueAt(tracked));
  for (const group of Object.values(state.groups)) consider(group.nextFlushAt);
  return next;
}
