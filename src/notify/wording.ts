import { createHash } from 'node:crypto';
import { isoTime } from '../base/time.ts';
import type { Notification } from '../model/index.ts';

/** At most so many characters, with an ellipsis where something is missing. */
export function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** One line: titles have no breaks. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** As `cut` for escaped text, and never within an entity. */
export function cutEscaped(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/&[a-z]*$/, '')}…`;
}

/** Names the group for receivers that keep one thing for each: the same as long as the group is the same. */
export function groupDigest(n: Notification): string {
  return createHash('sha256').update(n.groupKey).digest('hex');
}

/** What the message is about, in a word. */
export function sourceOf(n: Notification): string {
  const labels = n.alerts[0]?.labels ?? {};
  return labels.target ?? labels.src ?? labels.host ?? 'wirewatch';
}

/** When the oldest of its alerts began. */
export function beganAt(n: Notification): string {
  return isoTime(n.alerts.map((a) => a.startsAt).reduce((a, b) => (b < a ? b : a), n.alerts[0]?.startsAt ?? n.createdAt), 3);
}

/** Body with the way to the incident under it. */
export function bodyWithLink(n: Notification): string {
  return n.link === null ? n.body : `${n.body.trimEnd()}\n\n${n.link}\n`;
}
