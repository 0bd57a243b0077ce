import type { Nanos } from '../base/time.ts';
import type { NotifyReason } from './alert.ts';
import type { Severity } from './signal.ts';

/** What a channel gets to deliver. */
export interface Notification {
  readonly schema: 1;
  /** Deterministic: group key, reason and flush time; the receiver sees it as deduplication key. */
  readonly id: string;
  readonly groupKey: string;
  /** Labels that the group's alerts share by its route; empty for a digest of several groups. */
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly receiver: string;
  readonly reason: NotifyReason;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly subject: string;
  /** Plain text, ready to read. */
  readonly body: string;
  readonly incidentId: string | null;
  /** Link into the console; no token in it. */
  readonly link: string | null;
  readonly alerts: readonly NotifiedAlert[];
  readonly createdAt: Nanos;
  readonly drill: boolean;
}

export interface NotifiedAlert {
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Nanos;
  readonly endsAt: Nanos | null;
}

export type DeliveryState = 'queued' | 'sending' | 'delivered' | 'retrying' | 'failed' | 'fell_back' | 'collapsed';

/** One notification to one channel: every attempt is kept. */
export interface Delivery {
  readonly schema: 1;
  readonly id: string;
  readonly notificationId: string;
  /** Receiver and the place of the channel in its fallback chain, from 0. */
  readonly receiver: string;
  readonly position: number;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: readonly { readonly time: Nanos; readonly outcome: string }[];
  readonly nextAttemptAt: Nanos | null;
  readonly deadlineAt: Nanos;
  readonly deliveredAt: Nanos | null;
}

/** Why one alert's notification is kept back, and by what: id of the silence or window, the inhibiting alert's fingerprint, or a time interval. */
export interface MuteVerdict {
  readonly reason: 'silenced' | 'inhibited' | 'muted' | 'maintenance';
  readonly by: string;
}

/** One decision about one group and receiver: kept for every notification sent and for every one not sent. */
export interface NotifyDecision {
  readonly schema: 1;
  /** Deterministic, as the notification's. */
  readonly id: string;
  readonly time: Nanos;
  readonly groupKey: string;
  readonly receiver: string;
  readonly sent: boolean;
  readonly reason: NotifyReason;
  readonly notificationId: string | null;
  /** Alerts that the group held. */
  readonly fingerprints: readonly string[];
  readonly muted: readonly ({ readonly fingerprint: string } & MuteVerdict)[];
}
