import type { Nanos } from '../base/time.ts';

/** One event of the audit chain: each change, payload view, extraction and reveal of a secret. */
export interface AuditEvent {
  readonly seq: number;
  readonly time: Nanos;
  /** User name, `cli:<uid>` or `system`. */
  readonly actor: string;
  /** `incident.acknowledge`, `payload.view`, `config.reload`, ... */
  readonly action: string;
  readonly object: string;
  readonly details: Readonly<Record<string, string>>;
  /** SHA-256 over the previous hash and the canonical JSON of this event; 64 hex digits. */
  readonly previous: string;
  readonly hash: string;
}
