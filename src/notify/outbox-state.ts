import type { Host } from '../base/host.ts';
import type { Nanos } from '../base/time.ts';
import type { Delivery, Notification } from '../model/index.ts';
import type { ChannelDefinition, SendResult } from './define-channel.ts';

/** One link of a receiver's chain: this channel has `deadlineMs` to deliver, then the next one is asked. */
export interface ChainLink {
  /** Name of a configured channel. */
  readonly channel: string;
  readonly deadlineMs: number;
}

export interface OutboxConfig {
  /** Channels of each receiver in the order of preference; after the last it begins anew, until `giveUpAfterMs`. */
  readonly chains: Readonly<Record<string, readonly ChainLink[]>>;
  /** First wait after a failed attempt; doubled with each further one, at most `backoffCapMs`. A Retry-After is honoured beyond. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** A message that nobody took for so long is failed. */
  readonly giveUpAfterMs: number;
  /** More waiting messages than this for one channel that was out of order are put into one digest. */
  readonly digestOver: number;
  /** Waiting messages at once; beyond, a message joins the oldest of its receiver. */
  readonly maxItems: number;
  /** What is particular about a channel, by its name. */
  readonly traits: Readonly<Record<string, ChannelTraits>>;
}

/** As its kind declares them. */
export type ChannelTraits = Pick<ChannelDefinition, 'perGroup' | 'paceMs'>;

export const OUTBOX_DEFAULTS: Omit<OutboxConfig, 'chains'> = {
  backoffMs: 5_000, backoffCapMs: 300_000, giveUpAfterMs: 86_400_000, digestOver: 3, maxItems: 2_000, traits: {},
};

/** A message on its way along its receiver's chain, or owed to one channel alone. */
export interface OutboxItem {
  readonly id: string;
  readonly receiver: string;
  readonly notification: Notification;
  /** Groups that the message speaks of; several for a digest. */
  readonly groupKeys: readonly string[];
  /** The one channel that it is for: it was told of the firing, so it is owed the resolve. Null = the chain. */
  readonly only: string | null;
  /** Place in the chain. */
  readonly position: number;
  /** Channels that refused it for good. */
  readonly refusedBy: readonly string[];
  readonly state: 'waiting' | 'sending';
  readonly queuedAt: Nanos;
  /** When this channel's time is over. */
  readonly deadlineAt: Nanos;
  readonly giveUpAt: Nanos;
  /** Attempts on the present channel. */
  readonly attempts: Delivery['attempts'];
  /** What was said of its groups while it was being sent: it goes out after it, so that nobody hears the end before the beginning. */
  readonly followUp: Notification | null;
}

/** How a channel fares: its waiting messages hold back together. */
export interface ChannelHealth {
  readonly failures: number;
  readonly notBefore: Nanos;
}

/** A channel's own word about a group, and when it last said it. */
export interface KeptWord {
  readonly word: string;
  readonly time: Nanos;
}

/** Everything that the outbox knows. Plain JSON but for instants: write it with `encodeState`, before an attempt begins. */
export interface OutboxState {
  readonly version: 1;
  readonly items: Readonly<Record<string, OutboxItem>>;
  readonly channels: Readonly<Record<string, ChannelHealth>>;
  /** Fingerprints told as firing, by `receiver\nchannel`: what resolves are owed. */
  readonly told: Readonly<Record<string, readonly string[]>>;
  /** What a channel keeps for a group, by `channel\ngroup key`: a ticket's number, a thread. */
  readonly kept: Readonly<Record<string, KeptWord>>;
  readonly counters: { readonly delivered: number; readonly failed: number; readonly collapsed: number; readonly fellBack: number };
}

export const EMPTY_OUTBOX: OutboxState = {
  version: 1, items: {}, channels: {}, told: {}, kept: {}, counters: { delivered: 0, failed: 0, collapsed: 0, fellBack: 0 },
};

export type OutboxInput =
  | { readonly kind: 'notify'; readonly receiver: string; readonly notification: Notification }
  | { readonly kind: 'outcome'; readonly itemId: string; readonly channel: string; readonly result: SendResult }
  /** Deadlines pass and attempts begin. */
  | { readonly kind: 'tick' }
  /** The program was started anew: what was being sent may or may not have arrived, so it is sent again under the same key. */
  | { readonly kind: 'restart' };

export type OutboxOutput =
  /** Send now; the state in which it counts as being sent is durable before. */
  | {
    readonly kind: 'attempt'; readonly itemId: string; readonly channel: string; readonly notification: Notification;
    readonly dedupKey: string; readonly attempt: number; readonly known: string | null;
  }
  /** A delivery as it stands now: an append-only history, the last one holds. The message may be one that was put together here. */
  | { readonly kind: 'delivery'; readonly delivery: Delivery; readonly notification: Notification }
  /** Nobody could be reached with it: alert forgets that it told these groups. */
  | { readonly kind: 'undelivered'; readonly receiver: string; readonly notification: Notification; readonly groupKeys: readonly string[] };

export interface OutboxStep {
  readonly state: OutboxState;
  readonly outputs: readonly OutboxOutput[];
  readonly nextDeadline: Nanos | null;
}

/** The part of the platform that makes digests. */
export type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;
