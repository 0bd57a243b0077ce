import type { Notification } from '../model/index.ts';
import { converse, type Ask } from './conversation.ts';
import type { ChannelContext, SendResult } from './define-channel.ts';
import { bodyWithLink, cut, groupDigest, oneLine } from './wording.ts';

/** A tracker of tickets, as far as a group's ticket needs it. Ids are the tracker's own. */
export interface TicketDesk {
  readonly ca?: string | undefined;
  readonly caFile?: string | undefined;
  /** Longest title, and longest text. */
  readonly titleChars: number;
  readonly textChars: number;
  /** The open ticket that carries the mark; null where there is none. */
  find(ask: Ask, mark: string): Promise<string | null>;
  create(ask: Ask, ticket: { readonly title: string; readonly body: string; readonly mark: string; readonly notification: Notification }): Promise<string>;
  comment(ask: Ask, id: string, text: string): Promise<void>;
  close(ask: Ask, id: string, text: string): Promise<void>;
}

/** A word that only this group's tickets carry, as a label or in their text. */
function markOf(n: Notification): string {
  return `wirewatch-${groupDigest(n).slice(0, 16)}`;
}

/**
 * One ticket for each group: created, told what changes, closed with the resolve.
 *
 * The tracker is asked for an open ticket before one is created, for a crash may have come between its creation and the record of it.
 */
export async function keepTicket(ctx: ChannelContext, n: Notification, desk: TicketDesk): Promise<SendResult> {
  return await converse(ctx, desk, async (ask) => {
    const mark = markOf(n);
    const id = ctx.known ?? (await desk.find(ask, mark));
    if (n.status === 'resolved') {
      if (id === null) return { outcome: 'delivered', detail: 'there is no open ticket to close', keep: null };
      await desk.close(ask, id, cut(bodyWithLink(n), desk.textChars));
      return { outcome: 'delivered', detail: `ticket ${id} closed`, keep: null };
    }
    if (id !== null) {
      await desk.comment(ask, id, cut(`${n.subject}\n\n${bodyWithLink(n)}`, desk.textChars));
      return { outcome: 'delivered', detail: `ticket ${id} updated`, keep: id };
    }
    const created = await desk.create(ask, { title: cut(oneLine(n.subject), desk.titleChars), body: cut(bodyWithLink(n), desk.textChars), mark, notification: n });
    return { outcome: 'delivered', detail: `ticket ${created} created`, keep: created };
  });
}
