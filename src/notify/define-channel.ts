import type { z } from 'zod';
import type { Nanos } from '../base/time.ts';
import type { Notification } from '../model/index.ts';

/** What became of one attempt. The outbox decides what follows; a remote failure is never thrown. Reasons hold no secret. */
export type SendResult =
  /** `keep` is given to the next message of the group as `known` (a ticket's number); null forgets it, absent leaves it. */
  | { readonly outcome: 'delivered'; readonly detail: string; readonly keep?: string | null | undefined }
  /** May work later; `retryAfterMs` is the receiver's own wish (Retry-After). */
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** Will not work, however often it is tried: wrong password, no such webhook, refused address. */
  | { readonly outcome: 'permanent'; readonly reason: string };

/** What a channel may use of the world besides its own connection. */
export interface ChannelContext {
  /** Aborted when the attempt has had its time. */
  readonly signal: AbortSignal;
  /** The same for every attempt of one notification on one channel: receivers that can, deduplicate by it. */
  readonly dedupKey: string;
  /** From 1. */
  readonly attempt: number;
  readonly now: Nanos;
  /** What this channel last kept for the group; null = nothing. A crash between an attempt and its record loses it. */
  readonly known: string | null;
}

/** A way to reach people: one file in notify/channels exports one. */
export interface ChannelDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  /** Options with their meaning (`describe`): user documentation. Zod validates, the configuration says where. */
  readonly options: Schema;
  /** Options whose values never appear in errors, logs or URLs that people see. */
  readonly secrets: readonly string[];
  /** The receiver keeps one thing for each group (an incident, a ticket, a thread): messages of several groups are never one digest. */
  readonly perGroup?: boolean | undefined;
  /** Least time between two messages, where the receiver's documentation names a rate. */
  readonly paceMs?: number | undefined;
  send(ctx: ChannelContext, notification: Notification, options: z.output<Schema>): Promise<SendResult>;
}

export function defineChannel<Schema extends z.ZodType>(definition: ChannelDefinition<Schema>): ChannelDefinition<Schema> {
  return definition;
}
