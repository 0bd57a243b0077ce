import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Host } from '../base/host.ts';

export type Labels = Readonly<Record<string, string>>;

/** The part of the platform that makes digests. */
export type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;

/** Identity of an alert: the first 16 hex digits of the SHA-256 over its sorted labels. An empty value is no label at all. */
export function fingerprintOf(labels: Labels, host: DigestHost): string {
  const present = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return digestOf(host, canonicalJson(present));
}

/** Deterministic id: the first `digits` hex digits of the SHA-256 of a text. */
export function digestOf(host: DigestHost, text: string, digits = 16): string {
  return toHex(host.sha256(host.encodeUtf8(text))).slice(0, digits);
}
