import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import { WirewatchError } from '../base/errors.ts';
import type { AuditEvent } from '../model/index.ts';
import type { NewAuditEvent } from './state-store.ts';

/** What stands before the first event. */
export const GENESIS = '0'.repeat(64);

/** SHA-256 over the previous hash, a line break and the canonical JSON of the event without its hashes. */
export function auditHash(previous: string, seq: number, event: NewAuditEvent): string {
  const { time, actor, action, object, details } = event;
  return createHash('sha256').update(`${previous}\n${canonicalJson({ seq, time, actor, action, object, details })}`).digest('hex');
}

export function chainEvent(before: { readonly seq: number; readonly hash: string } | undefined, event: NewAuditEvent): AuditEvent {
  const seq = (before?.seq ?? 0) + 1;
  const previous = before?.hash ?? GENESIS;
  return { seq, ...event, previous, hash: auditHash(previous, seq, event) };
}

export interface AuditVerdict {
  readonly events: number;
  /** Hash of the last event: compare it with one that was kept elsewhere, for a chain that was cut short verifies. */
  readonly head: string;
}

/** Checks a chain page by page. Throws WW_AUDIT_CHAIN at the first event that does not follow from the one before. */
export function verifyAudit(read: (fromSeq: number, limit: number) => AuditEvent[], pageSize = 1000): AuditVerdict {
  let seq = 0;
  let head = GENESIS;
  for (;;) {
    const page = read(seq + 1, pageSize);
    for (const event of page) {
      const broken = (why: string): WirewatchError =>
        new WirewatchError('WW_AUDIT_CHAIN', `the audit chain is broken at event ${seq + 1}: ${why}`, { where: `event ${seq + 1}`, remedy: 'keep the file as it is; compare it with a copy' });
      if (event.seq !== seq + 1) throw broken(`event ${event.seq} stands in its place`);
      if (event.previous !== head) throw broken('it does not name the hash of the event before');
      if (event.hash !== auditHash(head, event.seq, event)) throw broken('its contents do not match its hash');
      seq = event.seq;
      head = event.hash;
    }
    if (page.length < pageSize) return { events: seq, head };
  }
}
