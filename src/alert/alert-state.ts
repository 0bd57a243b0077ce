import type { Nanos } from '../base/time.ts';
import type { DigestHost } from './fingerprint.ts';
import type { Alert, Notification, NotifyDecision, Signal } from '../model/index.ts';
import type { NotifyLogEntry } from './dedup.ts';
import type { AlertChange, LifecycleTimes, TrackedAlert } from './lifecycle.ts';
import type { Matcher, RegexEngine } from './matcher.ts';
import type { InhibitRule, MaintenanceWindow, Silence } from './mute.ts';
import type { RouteConfig } from './route.ts';
import type { TemplateRule } from './template.ts';
import type { TimeIntervals } from '../base/time-interval.ts';

/** Who is told, in which words; its channels are notify's affair. */
export interface ReceiverConfig {
  readonly name: string;
  readonly sendResolved?: boolean | undefined;
  readonly templates?: readonly TemplateRule[] | undefined;
}

/** Times for the signals that match; the first rule that fits is used, then the defaults of the signal's kind. */
export interface LifecycleRule extends Partial<LifecycleTimes> {
  readonly matchers: readonly Matcher[];
}

export interface AlertConfig {
  readonly route: RouteConfig;
  readonly receivers: readonly ReceiverConfig[];
  readonly inhibit: readonly InhibitRule[];
  /** By the names that routes use. */
  readonly timeIntervals?: TimeIntervals | undefined;
  readonly lifecycle: readonly LifecycleRule[];
  /** Alerts held at once; further ones are refused and counted. */
  readonly maxAlerts: number;
}

export interface AlertDeps {
  readonly host: DigestHost;
  readonly regex: RegexEngine;
}

/** Alerts of one route with the same group labels: told together. */
export interface AlertGroup {
  readonly key: string;
  readonly receiver: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** As the route has them; absent in a state that an earlier version wrote. */
  readonly activeIntervals?: readonly string[] | undefined;
  readonly muteIntervals?: readonly string[] | undefined;
  /** Fingerprints in order of arrival. */
  readonly members: readonly string[];
  /** When it was looked at last; null = not yet (group_wait runs). */
  readonly flushedAt: Nanos | null;
  /** When it is looked at next; null = not before something about it changes. */
  readonly nextFlushAt: Nanos | null;
}

/** Everything that the engine knows. Plain JSON but for instants: write it with `encodeState`. */
export interface AlertEngineState {
  readonly version: 1;
  readonly alerts: Readonly<Record<string, TrackedAlert>>;
  readonly groups: Readonly<Record<string, AlertGroup>>;
  /** What each group's receiver was told, kept for twice the repeat interval. */
  readonly told: Readonly<Record<string, NotifyLogEntry & { readonly forgetAt: Nanos }>>;
  readonly silences: Readonly<Record<string, Silence>>;
  readonly windows: Readonly<Record<string, MaintenanceWindow>>;
  /** Incident of each alert, for links in messages. */
  readonly incidents: Readonly<Record<string, { readonly id: string; readonly link: string | null }>>;
  /** Signals refused because `maxAlerts` were held. */
  readonly refused: number;
}

export const EMPTY_ALERT_STATE: AlertEngineState = {
  version: 1, alerts: {}, groups: {}, told: {}, silences: {}, windows: {}, incidents: {}, refused: 0,
};

export type AlertInput =
  | { readonly kind: 'signal'; readonly signal: Signal }
  /** Time passed: pending alerts ripen, groups are told. Only ticks make notifications, so that an incident can be linked before. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'silence'; readonly silence: Silence }
  | { readonly kind: 'expire_silence'; readonly id: string }
  /** The windows that are known now, in place of those before. */
  | { readonly kind: 'maintenance'; readonly windows: readonly MaintenanceWindow[] }
  | { readonly kind: 'incident'; readonly fingerprint: string; readonly incidentId: string; readonly link: string | null }
  /** Nobody could be reached with a firing notification: its group counts as never told. */
  | { readonly kind: 'undelivered'; readonly groupKey: string }
  /** Whoever watched them is gone (a check was taken out): alerts with this label, of a value not in `keep`, have ended. */
  | { readonly kind: 'retire'; readonly label: string; readonly keep: readonly string[] }
  /** The configuration changed: groups are made anew by the routes in force. */
  | { readonly kind: 'reroute' };

export type AlertOutput =
  | { readonly kind: 'alert'; readonly alert: Alert; readonly change: AlertChange }
  | { readonly kind: 'notification'; readonly receiver: string; readonly notification: Notification }
  | { readonly kind: 'decision'; readonly decision: NotifyDecision };

export interface AlertStep {
  readonly state: AlertEngineState;
  readonly outputs: readonly AlertOutput[];
  /** When to call with a tick again, at the latest; null = only with the next input. */
  readonly nextDeadline: Nanos | null;
}
