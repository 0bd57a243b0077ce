import { put16be } from '../../base/bytes.ts';
import type { HashKind, Host } from '../../base/host.ts';

/** HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(host: Host, hash: HashKind, salt: Uint8Array, input: Uint8Array): Uint8Array {
  return host.hmac(hash, salt, input);
}

/** HKDF-Expand (RFC 5869 §2.3). */
export function hkdfExpand(host: Host, hash: HashKind, key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let last = new Uint8Array(0);
  for (let done = 0, n = 1; done < length; n++) {
    const block = new Uint8Array(last.length + info.length + 1);
    block.set(last);
    block.set(info, last.length);
    block[block.length - 1] = n;
    last = Uint8Array.from(host.hmac(hash, key, block));
    out.set(last.subarray(0, Math.min(last.length, length - done)), done);
    done += last.length;
  }
  return out;
}

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1); DTLS 1.3 has another prefix (RFC 9147 §5.9). */
export function expandLabel(host: Host, hash: HashKind, secret: Uint8Array, label: string, length: number, prefix = 'tls13 '): Uint8Array {
  const name = host.encodeUtf8(prefix + label);
  const info = new Uint8Array(2 + 1 + name.length + 1);
  put16be(info, 0, length);
  info[2] = name.length;
  info.set(name, 3);
  return hkdfExpand(host, hash, secret, info, length);
}
