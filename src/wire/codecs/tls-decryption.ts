import { put16be } from '../../base/bytes.ts';
import type { HashKind, Host } from '../../base/host.ts';
import { expandLabel } from './hkdf.ts';
import type { KeyLog } from './key-log.ts';
import { isTls13 } from './tls-negotiation.ts';
import type { Suite } from './tls-suites.ts';
import { suiteOf } from './tls-suites.ts';

const MASTER_BYTES = 48;
const EXPLICIT_NONCE = 8;
const HASH_BYTES: Partial<Record<HashKind, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48 };

/** P_hash (RFC 5246 §5). */
function expand(host: Host, hash: HashKind, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let a = seed;
  for (let done = 0; done < length;) {
    a = host.hmac(hash, secret, a);
    const block = host.hmac(hash, secret, concat(a, seed));
    out.set(block.subarray(0, Math.min(block.length, length - done)), done);
    done += block.length;
  }
  return out;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The pseudo-random function of a version (RFC 5246 §5, RFC 2246 §5). */
export function prf(host: Host, version: number, hash: HashKind, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const labelled = concat(host.encodeUtf8(label), seed);
  if (version >= 0x0303) return expand(host, hash, secret, labelled, length);
  const half = (secret.length + 1) >> 1;
  const md5 = expand(host, 'md5', secret.subarray(0, half), labelled, length);
  const sha1 = expand(host, 'sha1', secret.subarray(secret.length - half), labelled, length);
  return md5.map((v, i) => v ^ sha1[i]);
}

/** Keys of one direction. */
class RecordKeys {
  readonly suite: Suite;
  readonly key: Uint8Array;
  iv: Uint8Array;
  /** Number of the next record. */
  sequence = 0;
  /** TLS 1.3: the secret, for the next generation of keys. */
  readonly secret: Uint8Array | undefined;

  constructor(suite: Suite, key: Uint8Array, iv: Uint8Array, secret?: Uint8Array) {
    this.suite = suite;
    this.key = key;
    this.iv = iv;
    this.secret = secret;
  }

  /** The IV combined with the record's number (RFC 8446 §5.3). */
  nonce(): Uint8Array {
    const nonce = this.iv.slice();
    let n = this.sequence;
    for (let i = nonce.length - 1; n > 0 && i >= 0; i--) {
      nonce[i] ^= n & 0xff;
      n = Math.floor(n / 256);
    }
    return nonce;
  }
}

function trafficKeys(host: Host, suite: Suite, secret: Uint8Array): RecordKeys {
  return new RecordKeys(suite, expandLabel(host, suite.hash, secret, 'key', suite.keyBytes), expandLabel(host, suite.hash, secret, 'iv', suite.ivBytes), secret);
}

/** What both ends have agreed on, as their hellos tell. */
export interface Negotiated {
  readonly version: number;
  readonly cipher: number;
  readonly clientRandom: Uint8Array | undefined;
  readonly serverRandom: Uint8Array | undefined;
  readonly encryptThenMac: boolean;
}

/** A record's content as it was before protection; one reused object. */
export class PlainRecord {
  type = 0;
  bytes: Uint8Array = new Uint8Array(0);
}
const plain = new PlainRecord();

/** Generations of keys of one direction of TLS 1.3. */
const EARLY = 0;
const HANDSHAKE = 1;
const APPLICATION = 2;

/** Decrypts the records of one conversation as far as a key log has its secrets. Sides: 0 = client, 1 = server. */
export class TlsDecryption {
  readonly #keys: [RecordKeys | undefined, RecordKeys | undefined] = [undefined, undefined];
  readonly #generation: [number, number] = [EARLY, HANDSHAKE];
  #derived = false;
  #unknown = false;

  /** The record `[at, end)`, head included, in the clear; undefined where keys are missing or do not fit. */
  open(host: Host, log: KeyLog, talk: Negotiated, side: 0 | 1, b: Uint8Array, at: number, end: number): PlainRecord | undefined {
    if (this.#unknown || talk.clientRandom === undefined || talk.serverRandom === undefined) return undefined;
    return isTls13(talk.version) ? this.#open13(host, log, talk, side, b, at, end) : this.#open12(host, log, talk, side, b, at, end);
  }

  #open13(host: Host, log: KeyLog, talk: Negotiated, side: 0 | 1, b: Uint8Array, at: number, end: number): PlainRecord | undefined {
    const suite = suiteOf(talk.cipher);
    if (suite?.aead === undefined) return undefined;
    for (;;) {
      const keys = (this.#keys[side] ??= this.#secretKeys(host, log, talk, side, suite));
      const sealed = keys === undefined ? undefined : host.open(suite.aead, keys.key, keys.nonce(), b.subarray(at, at + 5), b.subarray(at + 5, end));
      if (sealed !== undefined && keys !== undefined) {
        keys.sequence++;
        let last = sealed.length - 1;
        while (last >= 0 && sealed[last] === 0) last--;
        if (last < 0) return undefined;
        plain.type = sealed[last];
        plain.bytes = sealed.subarray(0, last);
        return plain;
      }
      // Early data may have been refused, or never sent.
      if (this.#generation[side] !== EARLY) return undefined;
      this.#generation[side] = HANDSHAKE;
      this.#keys[side] = undefined;
    }
  }

  #secretKeys(host: Host, log: KeyLog, talk: Negotiated, side: 0 | 1, suite: Suite): RecordKeys | undefined {
    const generation = this.#generation[side];
    const who = side === 0 ? 'CLIENT' : 'SERVER';
    const label = generation === EARLY ? 'CLIENT_EARLY_TRAFFIC_SECRET' : generation === HANDSHAKE ? `${who}_HANDSHAKE_TRAFFIC_SECRET` : `${who}_TRAFFIC_SECRET_0`;
    const secret = log.find(label, talk.clientRandom);
    return secret === undefined ? undefined : trafficKeys(host, suite, secret);
  }

  /** This side has sent Finished: application keys from here on (RFC 8446 §7.1); or EndOfEarlyData. */
  finished(side: 0 | 1): void {
    if (this.#generation[side] === APPLICATION) return;
    this.#generation[side]++;
    this.#keys[side] = undefined;
  }

  /** This side has sent KeyUpdate (RFC 8446 §7.2). */
  updated(host: Host, side: 0 | 1): void {
    const keys = this.#keys[side];
    if (keys?.secret === undefined) return;
    this.#keys[side] = trafficKeys(host, keys.suite, expandLabel(host, keys.suite.hash, keys.secret, 'traffic upd', keys.secret.length));
  }

  #open12(host: Host, log: KeyLog, talk: Negotiated, side: 0 | 1, b: Uint8Array, at: number, end: number): PlainRecord | undefined {
    if (!this.#derived) this.#derive(host, log, talk);
    const keys = this.#keys[side];
    if (keys === undefined) return undefined;
    const body = at + 5;
    const bytes = keys.suite.aead === undefined ? this.#openBlock(host, talk, keys, b, body, end) : this.#openSealed(host, keys, b, at, end);
    if (bytes === undefined) return undefined;
    keys.sequence++;
    plain.type = b[at];
    plain.bytes = bytes;
    return plain;
  }

  /** Keys from the master secret (RFC 5246 §6.3). */
  #derive(host: Host, log: KeyLog, talk: Negotiated): void {
    this.#derived = true;
    const master = log.find('CLIENT_RANDOM', talk.clientRandom);
    const suite = suiteOf(talk.cipher);
    if (master === undefined || master.length !== MASTER_BYTES || suite === undefined || talk.version < 0x0301) {
      this.#unknown = true;
      return;
    }
    const mac = suite.mac === undefined ? 0 : (HASH_BYTES[suite.mac] ?? 0);
    const block = prf(host, talk.version, suite.hash, master, 'key expansion', concat(talk.serverRandom!, talk.clientRandom!), 2 * (mac + suite.keyBytes + suite.ivBytes));
    let q = 2 * mac;
    const take = (n: number): Uint8Array => block.subarray(q, (q += n));
    const keys = [take(suite.keyBytes), take(suite.keyBytes)];
    const ivs = [take(suite.ivBytes), take(suite.ivBytes)];
    this.#keys[0] = new RecordKeys(suite, keys[0], ivs[0]);
    this.#keys[1] = new RecordKeys(suite, keys[1], ivs[1]);
  }

  /** AEAD of TLS 1.2 (RFC 5246 §6.2.3.3, RFC 7905 §2). */
  #openSealed(host: Host, keys: RecordKeys, b: Uint8Array, at: number, end: number): Uint8Array | undefined {
    const { suite } = keys;
    const explicit = suite.ivBytes === 12 ? 0 : EXPLICIT_NONCE;
    const tag = suite.aead?.endsWith('ccm8') ? 8 : 16;
    const from = at + 5 + explicit;
    const length = end - from - tag;
    if (length < 0 || suite.aead === undefined) return undefined;
    const associated = new Uint8Array(13);
    let n = keys.sequence;
    for (let i = 7; i >= 0; i--) {
      associated[i] = n & 0xff;
      n = Math.floor(n / 256);
    }
    associated.set(b.subarray(at, at + 3), 8);
    put16be(associated, 11, length);
    const nonce = explicit === 0 ? keys.nonce() : concat(keys.iv, b.subarray(at + 5, from));
    return host.open(suite.aead, keys.key, nonce, associated, b.subarray(from, end));
  }

  /** Block ciphers (RFC 5246 §6.2.3.2), with the MAC before or behind (RFC 7366). Its proof is left aside: padding must fit. */
  #openBlock(host: Host, talk: Negotiated, keys: RecordKeys, b: Uint8Array, at: number, end: number): Uint8Array | undefined {
    const { suite } = keys;
    const mac = suite.mac === undefined ? 0 : (HASH_BYTES[suite.mac] ?? 0);
    const explicit = talk.version >= 0x0302 ? suite.ivBytes : 0;
    const sealedEnd = talk.encryptThenMac ? end - mac : end;
    if (suite.cipher === undefined || sealedEnd - at - explicit < suite.ivBytes || (sealedEnd - at) % suite.ivBytes !== 0) return undefined;
    const iv = explicit > 0 ? b.subarray(at, at + explicit) : keys.iv;
    const bytes = host.decipher(suite.cipher, keys.key, iv, b.subarray(at + explicit, sealedEnd));
    if (bytes === undefined) return undefined;
    if (explicit === 0) keys.iv = b.slice(sealedEnd - suite.ivBytes, sealedEnd);
    const padding = bytes[bytes.length - 1] + 1;
    const length = bytes.length - padding - (talk.encryptThenMac ? 0 : mac);
    if (length < 0 || bytes[bytes.length - padding] !== padding - 1) return undefined;
    return bytes.subarray(0, length);
  }
}
