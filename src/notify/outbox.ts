import { toHex } from '../base/bytes.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Delivery, DeliveryState, Notification } from '../model/index.ts';
import type { SendResult } from './define-channel.ts';
import { markLate, mergeNotifications } from './digest-message.ts';
import type { ChainLink, DigestHost, OutboxConfig, OutboxInput, OutboxItem, OutboxOutput, OutboxState, OutboxStep } from './outbox-state.ts';

/** A message older than this says how late it is. */
const LATE_AFTER_MS = 120_000;

/** Waiting for so long, a message was held up: it may go into a digest. */
const HELD_MS = 30_000;

/** Words kept for channels at once; the oldest goes, and its group begins anew. */
const MAX_KEPT = 5_000;

type Maps = 'items' | 'channels' | 'told' | 'kept';
type Draft = { [K in Maps]: Record<string, OutboxState[K][string]> } & { counters: { -readonly [K in keyof OutboxState['counters']]: number } };

/**
 * The durable queue between alerting and channels: at least once, under a key that stays the same.
 *
 * ```
 * notify -> waiting --attempt--> sending --delivered--> gone, its fingerprints noted as told to this channel
 *              ^                    |--retry--> waiting (the channel's backoff, Retry-After honoured)
 *              |                    '--permanent--> next channel
 *              '-- deadline of a channel: next channel, after the last the first again, until giveUp
 * ```
 *
 * Neither clock nor I/O: the runner persists the state that a step returns before it carries out the step's attempts.
 */
export function stepOutbox(state: OutboxState, input: OutboxInput, now: Nanos, config: OutboxConfig, host: DigestHost): OutboxStep {
  const draft: Draft = { items: { ...state.items }, channels: { ...state.channels }, told: { ...state.told }, kept: { ...state.kept }, counters: { ...state.counters } };
  const step = new Step(draft, now, config, host);
  step.take(input);
  return { state: { version: 1, ...draft }, outputs: step.outputs, nextDeadline: step.nextDeadline() };
}

/** The same for each attempt of a message on a channel, whichever way it came there. */
export function dedupKeyOf(notificationId: string, receiver: string, channel: string, host: DigestHost): string {
  return toHex(host.sha256(host.encodeUtf8(`delivery\n${notificationId}\n${receiver}\n${channel}`))).slice(0, 32);
}

class Step {
  readonly outputs: OutboxOutput[] = [];
  readonly #draft: Draft;
  readonly #now: Nanos;
  readonly #config: OutboxConfig;
  readonly #host: DigestHost;

  constructor(draft: Draft, now: Nanos, config: OutboxConfig, host: DigestHost) {
    this.#draft = draft;
    this.#now = now;
    this.#config = config;
    this.#host = host;
  }

  take(input: OutboxInput): void {
    switch (input.kind) {
      case 'notify':
        return this.#enqueue(input.receiver, input.notification);
      case 'outcome':
        return this.#outcome(input.itemId, input.channel, input.result);
      case 'tick':
        this.#passDeadlines();
        return this.#beginAttempts();
      case 'restart':
        for (const item of this.#items()) if (item.state === 'sending') this.#failedAttempt(item, 'interrupted by a restart');
        this.#draft.channels = {};
        return;
    }
  }

  nextDeadline(): Nanos | null {
    let next: Nanos | null = null;
    const busy = new Set(this.#items().filter((i) => i.state === 'sending').map((i) => this.#channelOf(i)));
    for (const item of this.#items()) {
      if (item.state === 'sending') continue;
      const channel = this.#channelOf(item);
      let at = item.deadlineAt < item.giveUpAt ? item.deadlineAt : item.giveUpAt;
      if (channel !== undefined && !busy.has(channel)) {
        const ready = this.#draft.channels[channel]?.notBefore ?? item.queuedAt;
        if (ready < at) at = ready;
      }
      if (next === null || at < next) next = at;
    }
    return next;
  }

  // ---- in

  #enqueue(receiver: string, notification: Notification): void {
    if (this.#chain(receiver).length === 0) {
      this.#draft.counters.failed++;
      this.outputs.push({ kind: 'undelivered', receiver, notification, groupKeys: [notification.groupKey] });
      return;
    }
    const message = { receiver, notification, groupKeys: [notification.groupKey] };
    const ahead = this.#items().find((i) => i.state === 'sending' && i.only === null && sameGroup(i, message));
    if (ahead === undefined) return this.#place(message, undefined);
    const followUp = ahead.followUp === null ? notification : mergeNotifications([ahead.followUp, notification], this.#host);
    this.#draft.items[ahead.id] = { ...ahead, followUp, groupKeys: union(ahead.groupKeys, message.groupKeys) };
    // Who was told of an end's beginning before need not wait.
    for (const channel of this.#owedTo(receiver, notification)) this.#addOwed(message, channel);
  }

  /**
   * Finds a message its way: along the chain where it has news or nobody was told before, and to each channel that is owed it.
   *
   * What waits for the same groups is taken in first; `carried` is the item whose message it was, with its place in the chain.
   */
  #place(given: Message, carried: OutboxItem | undefined): void {
    const mates = this.#items().filter((i) => i.state === 'waiting' && i.only === null && sameGroup(i, given));
    for (const mate of mates) this.#collapse(mate);
    const message = mergeMessages([...mates, given], this.#host);
    const owed = this.#owedTo(message.receiver, message.notification);
    const chained = message.notification.status === 'firing' || owed.length === 0;
    const here = chained ? this.#channelOf(this.#add(message, null, mates[0] ?? carried)) : undefined;
    for (const channel of owed) if (channel !== here) this.#addOwed(message, channel);
    // It may have been promised to that channel already, while another was being sent: once is enough.
    const promised = this.#items().filter((i) => i.state === 'waiting' && i.only === here && here !== undefined && i.notification.id === message.notification.id);
    for (const item of promised) delete this.#draft.items[item.id];
  }

  /** The same message, for one channel that is owed it; joins what is owed to that channel already. */
  #addOwed(message: Message, channel: string): void {
    const mates = this.#items().filter((i) => i.state === 'waiting' && i.only === channel && sameGroup(i, message));
    if (mates.some((i) => i.notification.id === message.notification.id)) return;
    for (const mate of mates) this.#collapse(mate);
    this.#add(mergeMessages([...mates, message], this.#host), channel, mates[0]);
  }

  #collapse(item: OutboxItem): void {
    delete this.#draft.items[item.id];
    this.#draft.counters.collapsed++;
    this.#report(item, 'collapsed', null);
  }

  #add(message: Message, only: string | null, carried: OutboxItem | undefined): OutboxItem {
    const full = Object.keys(this.#draft.items).length >= this.#config.maxItems;
    const drill = message.notification.drill;
    const lodger = full
      ? this.#items().find((i) => i.state === 'waiting' && i.receiver === message.receiver && i.only === only && i.notification.drill === drill)
      : undefined;
    if (lodger !== undefined) {
      this.#collapse(lodger);
      return this.#add(mergeMessages([lodger, message], this.#host), only, lodger);
    }
    const first = only === null ? this.#chain(message.receiver)[0] : undefined;
    const fresh = {
      id: '', only, position: 0, refusedBy: [], state: 'waiting', queuedAt: this.#now, attempts: [], followUp: null,
      deadlineAt: this.#now + nanosFromMs(first?.deadlineMs ?? this.#config.giveUpAfterMs), giveUpAt: this.#now + nanosFromMs(this.#config.giveUpAfterMs),
    } as const;
    const { receiver, notification, groupKeys } = message;
    const item: OutboxItem = { ...fresh, ...carried, only, state: 'waiting', followUp: null, receiver, notification, groupKeys };
    const placed = { ...item, id: this.#itemId(item) };
    this.#draft.items[placed.id] = placed;
    this.#report(placed, 'queued', this.#now);
    return placed;
  }

  /** Channels that were told as firing what this message calls resolved, in the order of the chain. */
  #owedTo(receiver: string, notification: Notification): string[] {
    const resolved = notification.alerts.filter((a) => a.status === 'resolved').map((a) => a.fingerprint);
    return this.#chain(receiver)
      .map((link) => link.channel)
      .filter((channel) => (this.#draft.told[toldKey(receiver, channel)] ?? []).some((f) => resolved.includes(f)));
  }

  // ---- attempts

  #beginAttempts(): void {
    const busy = new Set<string>();
    for (const item of this.#items()) if (item.state === 'sending') busy.add(this.#channelOf(item) ?? '');
    for (const waiting of this.#items()) {
      const item = this.#draft.items[waiting.id];
      const channel = item?.state === 'waiting' ? this.#channelOf(item) : undefined;
      if (item === undefined || channel === undefined || busy.has(channel)) continue;
      if (this.#now < (this.#draft.channels[channel]?.notBefore ?? this.#now)) continue;
      busy.add(channel);
      this.#attempt(this.#digestOf(item, channel), channel);
    }
  }

  #attempt(item: OutboxItem, channel: string): void {
    const sending: OutboxItem = { ...item, state: 'sending' };
    this.#draft.items[item.id] = sending;
    this.#report(sending, 'sending', null);
    this.outputs.push({
      kind: 'attempt', itemId: item.id, channel, attempt: item.attempts.length + 1,
      notification: markLate(item.notification, this.#now, LATE_AFTER_MS),
      dedupKey: dedupKeyOf(item.notification.id, item.receiver, channel, this.#host),
      known: this.#draft.kept[keptKey(channel, item.notification)]?.word ?? null,
    });
  }

  /** After trouble, everything that waits for the channel is told at once instead of one by one. */
  #digestOf(item: OutboxItem, channel: string): OutboxItem {
    if (this.#chain(item.receiver).some((link) => this.#config.traits[link.channel]?.perGroup === true)) return item;
    const mates = this.#items().filter((i) =>
      i.state === 'waiting' && i.receiver === item.receiver && i.notification.drill === item.notification.drill && this.#channelOf(i) === channel);
    const held = this.#now - nanosFromMs(HELD_MS);
    const late = (this.#draft.channels[channel]?.failures ?? 0) > 0 || mates.some((i) => i.attempts.length > 0 || i.queuedAt < held);
    const groups = mates.reduce((sum, i) => sum + i.groupKeys.length, 0);
    if (!late || mates.length < 2 || groups <= this.#config.digestOver) return item;
    mates.sort((a, b) => compare(a.notification.createdAt, b.notification.createdAt) || compare(a.id, b.id));
    for (const mate of mates) this.#collapse(mate);
    const chained = mates.find((i) => i.only === null);
    const notification = mergeNotifications(mates.map((i) => i.notification), this.#host);
    const groupKeys = [...new Set(mates.flatMap((i) => i.groupKeys))];
    const digest: OutboxItem = { ...(chained ?? item), notification, groupKeys, attempts: item.attempts };
    return { ...digest, id: this.#itemId(digest) };
  }

  #outcome(itemId: string, channel: string, result: SendResult): void {
    const item = this.#draft.items[itemId];
    // A word about a message that has been settled meanwhile, or that has moved on, changes nothing.
    if (item === undefined || item.state !== 'sending' || this.#channelOf(item) !== channel) return;
    if (result.outcome === 'delivered') return this.#delivered(item, channel, result);
    if (result.outcome === 'permanent') return this.#refused(item, channel, result.reason);
    const failures = (this.#draft.channels[channel]?.failures ?? 0) + 1;
    const backoff = Math.min(this.#config.backoffMs * 2 ** Math.min(failures - 1, 30), this.#config.backoffCapMs);
    this.#draft.channels[channel] = { failures, notBefore: this.#now + nanosFromMs(Math.max(backoff, result.retryAfterMs ?? 0)) };
    this.#failedAttempt(item, `retry: ${result.reason}`);
    this.#passDeadlines();
  }

  #delivered(item: OutboxItem, channel: string, { detail, keep }: Extract<SendResult, { outcome: 'delivered' }>): void {
    delete this.#draft.items[item.id];
    const paceMs = this.#config.traits[channel]?.paceMs;
    if (paceMs === undefined) delete this.#draft.channels[channel];
    else this.#draft.channels[channel] = { failures: 0, notBefore: this.#now + nanosFromMs(paceMs) };
    if (keep !== undefined) this.#keep(keptKey(channel, item.notification), keep);
    this.#draft.counters.delivered++;
    this.#report(withAttempt(item, this.#now, `delivered: ${detail}`), 'delivered', null);
    const key = toldKey(item.receiver, channel);
    const told = new Set(this.#draft.told[key] ?? []);
    for (const alert of item.notification.alerts) {
      if (alert.status === 'firing') told.add(alert.fingerprint);
      else told.delete(alert.fingerprint);
    }
    if (told.size > 0) this.#draft.told[key] = [...told];
    else delete this.#draft.told[key];
    if (item.followUp !== null) this.#place({ receiver: item.receiver, notification: item.followUp, groupKeys: item.groupKeys }, undefined);
  }

  #keep(key: string, word: string | null): void {
    delete this.#draft.kept[key];
    if (word === null) return;
    const inOrder = Object.entries(this.#draft.kept).sort(([a, x], [b, y]) => compare(x.time, y.time) || compare(a, b));
    for (const [old] of inOrder.slice(0, Math.max(0, inOrder.length + 1 - MAX_KEPT))) delete this.#draft.kept[old];
    this.#draft.kept[key] = { word, time: this.#now };
  }

  #refused(item: OutboxItem, channel: string, reason: string): void {
    const tried = withAttempt(item, this.#now, `refused: ${reason}`);
    const waiting: OutboxItem = { ...tried, state: 'waiting', refusedBy: [...item.refusedBy, channel] };
    this.#draft.items[item.id] = waiting;
    const before = new Set(Object.keys(this.#draft.items));
    this.#takeInFollowUp(waiting);
    // It may have become another item by then; that one, or itself, goes on to the next channel.
    for (const next of this.#items()) if (next.id === item.id || !before.has(next.id)) if (next.refusedBy.includes(this.#channelOf(next) ?? '')) this.#move(next);
  }

  /** Back to waiting, with what was said meanwhile taken in. */
  #failedAttempt(item: OutboxItem, outcome: string): void {
    const waiting = withAttempt({ ...item, state: 'waiting' }, this.#now, outcome);
    this.#draft.items[item.id] = waiting;
    this.#report(waiting, 'retrying', this.#draft.channels[this.#channelOf(item) ?? '']?.notBefore ?? this.#now);
    this.#takeInFollowUp(waiting);
  }

  #takeInFollowUp(item: OutboxItem): void {
    if (item.followUp === null) return;
    this.#collapse(item);
    const notification = mergeNotifications([item.notification, item.followUp], this.#host);
    this.#place({ receiver: item.receiver, notification, groupKeys: item.groupKeys }, item);
  }

  #passDeadlines(): void {
    for (const item of this.#items()) {
      if (item.state !== 'waiting') continue;
      if (this.#channelOf(item) === undefined && this.#chain(item.receiver).length > 0) {
        // The chain became shorter by a new configuration: from its beginning.
        this.#draft.items[item.id] = { ...item, position: 0 };
      } else if (this.#now >= item.giveUpAt || this.#channelOf(item) === undefined) this.#fail(item);
      else if (this.#now >= item.deadlineAt) this.#move(item);
    }
  }

  /** On to the next channel of the chain that has not refused it; after the last comes the first. */
  #move(item: OutboxItem): void {
    const chain = this.#chain(item.receiver);
    const from = this.#channelOf(item);
    const next = chain.map((_, i) => (item.position + 1 + i) % chain.length).find((i) => !item.refusedBy.includes(chain[i].channel));
    if (item.only !== null || next === undefined) {
      if (item.only === null || item.refusedBy.length > 0) this.#fail(item);
      return;
    }
    if (chain[next].channel !== from) {
      this.#draft.counters.fellBack++;
      this.#report(item, 'fell_back', null);
      if (from !== undefined && !item.refusedBy.includes(from) && this.#owedTo(item.receiver, item.notification).includes(from)) this.#addOwed(item, from);
    }
    const moved: OutboxItem = {
      ...item, position: next, attempts: chain[next].channel === from ? item.attempts : [], deadlineAt: this.#now + nanosFromMs(chain[next].deadlineMs),
    };
    this.#draft.items[item.id] = moved;
    this.#report(moved, 'queued', this.#now);
  }

  #fail(item: OutboxItem): void {
    delete this.#draft.items[item.id];
    this.#draft.counters.failed++;
    this.#report(item, 'failed', null);
    if (item.only === null) this.outputs.push({ kind: 'undelivered', receiver: item.receiver, notification: item.notification, groupKeys: item.groupKeys });
  }

  // ---- looking up

  #itemId(item: OutboxItem): string {
    return toHex(this.#host.sha256(this.#host.encodeUtf8(`item\n${item.notification.id}\n${item.receiver}\n${item.only ?? ''}`))).slice(0, 32);
  }

  /** In order of arrival; the order of a map's keys never shows. */
  #items(): OutboxItem[] {
    return Object.values(this.#draft.items).sort((a, b) => compare(a.queuedAt, b.queuedAt) || compare(a.id, b.id));
  }

  #chain(receiver: string): readonly ChainLink[] {
    return this.#config.chains[receiver] ?? [];
  }

  #channelOf(item: OutboxItem): string | undefined {
    return item.only ?? this.#chain(item.receiver)[item.position]?.channel;
  }

  #report(item: OutboxItem, state: DeliveryState, nextAttemptAt: Nanos | null): void {
    const channel = this.#channelOf(item) ?? '';
    const delivery: Delivery = {
      schema: 1,
      id: dedupKeyOf(item.notification.id, item.receiver, channel, this.#host),
      notificationId: item.notification.id,
      receiver: item.receiver, position: item.position, channel, state, attempts: item.attempts, nextAttemptAt, deadlineAt: item.deadlineAt,
      deliveredAt: state === 'delivered' ? this.#now : null,
    };
    this.outputs.push({ kind: 'delivery', delivery, notification: item.notification });
  }
}

/** A message and the groups that it speaks of. */
type Message = Pick<OutboxItem, 'receiver' | 'notification' | 'groupKeys'>;

function sameGroup(a: Message, b: Message): boolean {
  return a.receiver === b.receiver && a.notification.drill === b.notification.drill && a.groupKeys.some((key) => b.groupKeys.includes(key));
}

/** Several messages as one, the newest word on each alert counting. */
function mergeMessages(messages: readonly Message[], host: DigestHost): Message {
  if (messages.length === 1) return messages[0];
  const inOrder = [...messages].sort((a, b) => compare(a.notification.createdAt, b.notification.createdAt));
  return {
    receiver: inOrder[0].receiver, groupKeys: inOrder.flatMap((m) => m.groupKeys).filter((key, i, all) => all.indexOf(key) === i),
    notification: mergeNotifications(inOrder.map((m) => m.notification), host),
  };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function toldKey(receiver: string, channel: string): string {
  return `${receiver}\n${channel}`;
}

function keptKey(channel: string, notification: Notification): string {
  return `${channel}\n${notification.groupKey}`;
}

/** The first attempts and the newest are kept. */
function withAttempt(item: OutboxItem, time: Nanos, outcome: string): OutboxItem {
  const attempts = [...item.attempts, { time, outcome }];
  return { ...item, attempts: attempts.length <= 50 ? attempts : [...attempts.slice(0, 10), ...attempts.slice(-40)] };
}

function compare(a: bigint | string, b: bigint | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
