import { createHash } from 'node:crypto';

/** The part of `Host` that deterministic ids need, for tests of pure cores. */
export const digestHost = {
  sha256: (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest(),
  encodeUtf8: (text: string): Uint8Array => new TextEncoder().encode(text),
};
