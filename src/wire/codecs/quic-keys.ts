import { fromHex } from '../../base/bytes.ts';
import type { AeadKind, HashKind, Host } from '../../base/host.ts';
import { expandLabel, hkdfExtract } from './hkdf.ts';

/** QUIC version 2 (RFC 9369) and its last draft. */
export const QUIC_V2 = 0x6b3343cf;
const QUIC_V2_DRAFT = 0x709a50c4;
const QUIC_V2_DRAFT00 = 0xff020000;

/** Versions whose packet types and key labels are those of version 2 (RFC 9369 §3). */
export function isVersion2(version: number): boolean {
  return version === QUIC_V2 || version === QUIC_V2_DRAFT;
}

/** Number of the draft that a version speaks: 29 for 0xff00001d and its kin, 34 for version 1 and 2; 0 = none of QUIC's own. */
export function draftOf(version: number): number {
  if (version >>> 8 === 0xff0000) return version & 0xff;
  if (version === 1 || isVersion2(version) || version === QUIC_V2_DRAFT00) return 34;
  if (version === 0xfaceb001) return 22;
  if (version === 0xfaceb002) return 27;
  if (version === 0x51303530 || version === 0x54303530 || version === 0x54303531) return 27;
  if ((version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a) return 34;
  if (version >>> 4 === 0xfaceb00) return 29;
  return 0;
}

const salt = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const SALT_V1 = salt('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const SALT_V2 = salt('0dede3def700a6db819381be6e269dcbf9bd2ed9');
const SALT_V2_DRAFT00 = salt('a707c203a59b47184a1d62ca570406ea7ae3e5d3');
const SALT_29 = salt('afbfec289993d24c9e9786f19c6111e04390a899');
const SALT_23 = salt('c3eef712c72ebb5a11a7d2432bb46365bef9f502');
const SALT_21 = salt('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a');
const SALT_17 = salt('ef4fb0abb47470c41befcf8031334fae485e09a0');
const SALTS_GOOGLE: Readonly<Record<number, Uint8Array>> = {
  0x51303530: salt('504574efd066fe2f9d945cfcdbd3a7f0d3b56b45'), 0x54303530: salt('7ff579e5acd072915580304c43a2367c60488310'),
  0x54303531: salt('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d'),
};

/** The salt of a version's Initial secrets (RFC 9001 §5.2, RFC 9369 §3.3.1, drafts 17 to 32). */
function saltOf(version: number): Uint8Array | undefined {
  const google = SALTS_GOOGLE[version];
  if (google !== undefined) return google;
  if (version === QUIC_V2_DRAFT00) return SALT_V2_DRAFT00;
  if (isVersion2(version)) return SALT_V2;
  const draft = draftOf(version);
  if (draft >= 33) return SALT_V1;
  if (draft >= 29) return SALT_29;
  if (draft >= 23) return SALT_23;
  if (draft >= 21) return SALT_21;
  return draft >= 17 ? SALT_17 : undefined;
}

/** How one direction of one encryption level is protected. */
export class QuicKeys {
  readonly aead: AeadKind;
  readonly hash: HashKind;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Header protection (RFC 9001 §5.4). */
  readonly hp: Uint8Array;
  readonly secret: Uint8Array;

  constructor(host: Host, aead: AeadKind, hash: HashKind, secret: Uint8Array, version: number, hp?: Uint8Array) {
    const prefix = isVersion2(version) || version === QUIC_V2_DRAFT00 ? 'quicv2 ' : 'quic ';
    const length = aead === 'aes-128-gcm' || aead === 'aes-128-ccm' ? 16 : 32;
    this.aead = aead;
    this.hash = hash;
    this.secret = secret;
    this.key = expandLabel(host, hash, secret, `${prefix}key`, length);
    this.iv = expandLabel(host, hash, secret, `${prefix}iv`, 12);
    this.hp = hp ?? expandLabel(host, hash, secret, `${prefix}hp`, length);
  }

  /** The keys of the next key phase; header protection stays (RFC 9001 §6.1). */
  updated(host: Host, version: number): QuicKeys {
    const label = isVersion2(version) ? 'quicv2 ku' : 'quic ku';
    return new QuicKeys(host, this.aead, this.hash, expandLabel(host, this.hash, this.secret, label, this.secret.length), version, this.hp);
  }

  /** The mask of header protection from 16 bytes of sample (RFC 9001 §5.4.3 and §5.4.4). */
  mask(host: Host, sample: Uint8Array): Uint8Array {
    if (this.aead !== 'chacha20-poly1305') return host.aesBlock(this.hp, sample);
    return host.decipher('chacha20', this.hp, sample, new Uint8Array(5)) ?? new Uint8Array(5);
  }
}

/** Keys of both directions' Initial packets (RFC 9001 §5.2): the client's first. */
export function initialKeys(host: Host, version: number, dcid: Uint8Array): [QuicKeys, QuicKeys] | undefined {
  const versionSalt = saltOf(version);
  if (versionSalt === undefined) return undefined;
  const secret = hkdfExtract(host, 'sha256', versionSalt, dcid);
  const side = (label: string): QuicKeys => new QuicKeys(host, 'aes-128-gcm', 'sha256', expandLabel(host, 'sha256', secret, label, 32), version);
  return [side('client in'), side('server in')];
}

/** A packet whose protection was taken off; one reused object. */
export class OpenedPacket {
  /** First byte without header protection. */
  first = 0;
  numberLength = 0;
  number = 0;
  payload: Uint8Array = new Uint8Array(0);
}

/** Bytes that header protection samples. */
const SAMPLE = 16;

/** The full packet number nearest to the expected one (RFC 9000 §A.3). */
export function fullPacketNumber(largest: number, truncated: number, bytes: number): number {
  const window = 2 ** (8 * bytes);
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2 && candidate < 2 ** 53 - window) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}

/** Takes header protection off (RFC 9001 §5.4.1); false where the sample is not there. */
export function unmaskHeader(host: Host, keys: QuicKeys, b: Uint8Array, at: number, numberAt: number, end: number, largest: number, out: OpenedPacket): boolean {
  if (numberAt + 4 + SAMPLE > end) return false;
  const mask = keys.mask(host, b.slice(numberAt + 4, numberAt + 4 + SAMPLE));
  out.first = b[at] ^ (mask[0] & ((b[at] & 0x80) !== 0 ? 0x0f : 0x1f));
  out.numberLength = (out.first & 3) + 1;
  let truncated = 0;
  for (let i = 0; i < out.numberLength; i++) truncated = truncated * 256 + (b[numberAt + i] ^ mask[1 + i]);
  out.number = fullPacketNumber(largest, truncated, out.numberLength);
  return true;
}

/** Decrypts the payload behind an unmasked header (RFC 9001 §5.3); false where the tag does not fit. */
export function openPayload(host: Host, keys: QuicKeys, b: Uint8Array, at: number, numberAt: number, end: number, out: OpenedPacket): boolean {
  const payloadAt = numberAt + out.numberLength;
  const header = b.slice(at, payloadAt);
  header[0] = out.first;
  let number = out.number;
  for (let i = payloadAt - at - 1; i >= numberAt - at; i--) {
    header[i] = number & 0xff;
    number = Math.floor(number / 256);
  }
  const nonce = keys.iv.slice();
  number = out.number;
  for (let i = 11; number > 0 && i >= 0; i--) {
    nonce[i] ^= number & 0xff;
    number = Math.floor(number / 256);
  }
  const plain = host.open(keys.aead, keys.key, nonce, header, b.subarray(payloadAt, end));
  if (plain === undefined) return false;
  out.payload = plain;
  return true;
}
