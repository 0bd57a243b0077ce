import type { Host } from '../base/host.ts';
import type { KeyLog } from './codecs/key-log.ts';
import { TLS_KEY_LOG } from './codecs/key-log.ts';
import type { CaptureSecrets } from './frame-head.ts';

/** Adds the key logs among a capture's secrets from number `from` on; returns how many there are. */
export function readSecrets(secrets: readonly CaptureSecrets[], from: number, log: KeyLog, host: Host): number {
  for (let i = from; i < secrets.length; i++) {
    const { type, bytes } = secrets[i];
    if (type === TLS_KEY_LOG) log.add(host.latin1(bytes, 0, bytes.length));
  }
  return secrets.length;
}
