import { u16be, u24be } from '../../base/bytes.ts';

/** Numbers of one list of a hello that are kept; longer lists are cut and say so in `cut`. */
const MAX_LIST = 512;

/** A list of 16-bit numbers, reused. */
export class NumberList {
  readonly values: Uint16Array;
  length: number;

  constructor() {
    this.values = new Uint16Array(MAX_LIST);
    this.length = 0;
  }

  push(v: number): void {
    if (this.length < MAX_LIST) this.values[this.length++] = v;
  }

  /** All but GREASE (RFC 8701), as an array: for the edge. */
  withoutGrease(): number[] {
    const out: number[] = [];
    for (let i = 0; i < this.length; i++) if (!isGrease(this.values[i])) out.push(this.values[i]);
    return out;
  }
}

/** Reserved values that clients send to keep servers tolerant (RFC 8701). */
export function isGrease(v: number): boolean {
  return (v & 0x0f0f) === 0x0a0a && v >> 8 === (v & 0xff);
}

export const EXT = {
  SERVER_NAME: 0, STATUS_REQUEST: 5, SUPPORTED_GROUPS: 10, EC_POINT_FORMATS: 11, SIGNATURE_ALGORITHMS: 13, DELEGATED_CREDENTIALS: 34, SIGNATURE_ALGORITHMS_CERT: 50, ALPN: 16, PADDING: 21, SESSION_TICKET: 35,
  PRE_SHARED_KEY: 41, SUPPORTED_VERSIONS: 43, PSK_KE_MODES: 45, KEY_SHARE: 51, RENEGOTIATION_INFO: 0xff01,
} as const;

/** A ClientHello's or ServerHello's content by numbers and offsets; one reused object, valid until the next read. */
export class TlsHello {
  client: boolean;
  version: number;
  randomAt: number;
  sessionIdAt: number;
  sessionIdLength: number;
  /** The cookie's length in a ClientHello of DTLS, -1 = none. */
  cookieAt: number;
  ciphersAt: number;
  readonly ciphers: NumberList;
  compressionAt: number;
  /** Length field of the extensions, -1 where there are none. */
  extensionsAt: number;
  extensionsEnd: number;
  readonly extensions: NumberList;
  readonly groups: NumberList;
  readonly pointFormats: NumberList;
  readonly signatureAlgorithms: NumberList;
  readonly versions: NumberList;
  serverNameAt: number;
  serverNameLength: number;
  /** First protocol of the list, and the list. */
  alpnAt: number;
  alpnLength: number;
  alpnListAt: number;
  alpnListEnd: number;
  keyShareGroup: number;
  ticketLength: number;
  presharedKey: boolean;

  constructor() {
    this.client = false;
    this.version = 0;
    this.randomAt = 0;
    this.sessionIdAt = 0;
    this.sessionIdLength = 0;
    this.cookieAt = -1;
    this.ciphersAt = 0;
    this.ciphers = new NumberList();
    this.compressionAt = 0;
    this.extensionsAt = -1;
    this.extensionsEnd = -1;
    this.extensions = new NumberList();
    this.groups = new NumberList();
    this.pointFormats = new NumberList();
    this.signatureAlgorithms = new NumberList();
    this.versions = new NumberList();
    this.serverNameAt = -1;
    this.serverNameLength = 0;
    this.alpnAt = -1;
    this.alpnLength = 0;
    this.alpnListAt = -1;
    this.alpnListEnd = -1;
    this.keyShareGroup = 0;
    this.ticketLength = 0;
    this.presharedKey = false;
  }

  /** The version that counts: the highest offered, or the chosen one, by the extension where there is one (RFC 8446 §4.2.1). */
  get effectiveVersion(): number {
    let best = 0;
    for (let i = 0; i < this.versions.length; i++) {
      const v = this.versions.values[i];
      if (!isGrease(v) && v > best) best = v;
    }
    return best === 0 ? this.version : best;
  }
}

/**
 * Reads the body of a ClientHello or ServerHello, `[at, end)` without the four bytes of the handshake header (RFC 8446 §4.1.2,
 * RFC 5246 §7.4.1). False where it breaks its own lengths.
 */
export function readHello(b: Uint8Array, at: number, end: number, client: boolean, hello: TlsHello): boolean {
  hello.client = client;
  hello.ciphers.length = 0;
  hello.extensions.length = 0;
  hello.groups.length = 0;
  hello.pointFormats.length = 0;
  hello.signatureAlgorithms.length = 0;
  hello.versions.length = 0;
  hello.serverNameAt = -1;
  hello.serverNameLength = 0;
  hello.alpnAt = -1;
  hello.alpnLength = 0;
  hello.alpnListAt = -1;
  hello.alpnListEnd = -1;
  hello.extensionsAt = -1;
  hello.extensionsEnd = -1;
  hello.keyShareGroup = 0;
  hello.ticketLength = 0;
  hello.presharedKey = false;
  if (end - at < 38) return false;
  hello.version = u16be(b, at);
  hello.randomAt = at + 2;
  hello.cookieAt = -1;
  // Drafts of TLS 1.3 up to 21 had neither session id nor compression in a ServerHello.
  const bare = !client && hello.version >> 8 === 0x7f && (hello.version & 0xff) < 22;
  hello.sessionIdAt = bare ? -1 : at + 34;
  hello.sessionIdLength = bare ? 0 : b[at + 34];
  let p = bare ? at + 34 : at + 35 + hello.sessionIdLength;
  if (client && (hello.version >> 8 === 0xfe || hello.version === 0x0100) && p < end) {
    hello.cookieAt = p;
    p += 1 + b[p];
  }
  if (p + 2 > end) return false;
  hello.ciphersAt = p;
  if (client) {
    const length = u16be(b, p);
    p += 2;
    if (p + length + 1 > end) return false;
    for (let q = p; q + 2 <= p + length; q += 2) hello.ciphers.push(u16be(b, q));
    p += length;
    hello.compressionAt = p;
    p += 1 + b[p];
  } else {
    hello.ciphers.push(u16be(b, p));
    hello.compressionAt = bare ? -1 : p + 2;
    p += bare ? 2 : 3;
  }
  if (p > end) return false;
  if (p + 2 > end) return true;
  hello.extensionsAt = p;
  const extensionsEnd = Math.min(p + 2 + u16be(b, p), end);
  hello.extensionsEnd = extensionsEnd;
  p += 2;
  while (p + 4 <= extensionsEnd) {
    const type = u16be(b, p);
    const dataAt = p + 4;
    const dataEnd = dataAt + u16be(b, p + 2);
    if (dataEnd > extensionsEnd) return false;
    hello.extensions.push(type);
    readExtension(b, type, dataAt, dataEnd, hello);
    p = dataEnd;
  }
  return true;
}

function readExtension(b: Uint8Array, type: number, at: number, end: number, hello: TlsHello): void {
  switch (type) {
    case EXT.SERVER_NAME:
      if (end - at >= 5 && b[at + 2] === 0) {
        hello.serverNameAt = at + 5;
        hello.serverNameLength = Math.min(u16be(b, at + 3), end - at - 5);
      }
      return;
    case EXT.SUPPORTED_GROUPS: pushPairs(b, at + 2, end, hello.groups); return;
    case EXT.EC_POINT_FORMATS:
      for (let p = at + 1; p < end; p++) hello.pointFormats.push(b[p]);
      return;
    case EXT.SIGNATURE_ALGORITHMS: pushPairs(b, at + 2, end, hello.signatureAlgorithms); return;
    case EXT.SUPPORTED_VERSIONS: pushPairs(b, hello.client ? at + 1 : at, end, hello.versions); return;
    case EXT.SESSION_TICKET: hello.ticketLength = end - at; return;
    case EXT.PRE_SHARED_KEY: hello.presharedKey = true; return;
    case EXT.KEY_SHARE:
      if (!hello.client && end - at >= 2) hello.keyShareGroup = u16be(b, at);
      return;
    case EXT.ALPN:
      if (end - at > 3) {
        hello.alpnListAt = at + 2;
        hello.alpnListEnd = end;
        hello.alpnAt = at + 3;
        hello.alpnLength = Math.min(b[at + 2], end - at - 3);
      }
      return;
    default:
  }
}

function pushPairs(b: Uint8Array, at: number, end: number, list: NumberList): void {
  for (let p = at; p + 2 <= end; p += 2) list.push(u16be(b, p));
}

export const HANDSHAKE = {
  HELLO_REQUEST: 0, CLIENT_HELLO: 1, SERVER_HELLO: 2, HELLO_VERIFY_REQUEST: 3, NEW_SESSION_TICKET: 4, END_OF_EARLY_DATA: 5, ENCRYPTED_EXTENSIONS: 8, CERTIFICATE: 11, SERVER_KEY_EXCHANGE: 12, CERTIFICATE_REQUEST: 13,
  SERVER_HELLO_DONE: 14, CERTIFICATE_VERIFY: 15, CLIENT_KEY_EXCHANGE: 16, FINISHED: 20, CERTIFICATE_STATUS: 22, KEY_UPDATE: 24, COMPRESSED_CERTIFICATE: 25, NEXT_PROTOCOL: 67,
} as const;
export const RECORD = { CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22, APPLICATION_DATA: 23, HEARTBEAT: 24 } as const;

/** Bytes of a record's head. */
export const RECORD_HEAD = 5;
/** Longest record: 2^14 and what ciphers may add (RFC 5246 §6.2.3). */
export const MAX_RECORD = 16_384 + 2048;
/** Longest handshake message that is put together: chains of certificates stay far below. */
export const MAX_HANDSHAKE = 1 << 17;

/** True where a record head with plausible type, version and length stands at `at`; five bytes must be there. */
export function isRecordHead(b: Uint8Array, at: number): boolean {
  const type = b[at];
  return type >= 20 && type <= 24 && b[at + 1] === 3 && b[at + 2] <= 4 && u16be(b, at + 3) <= MAX_RECORD;
}

export function isHandshakeType(type: number): boolean {
  return type <= 6 || type === 8 || (type >= 11 && type <= 16) || (type >= 20 && type <= 25) || type === 67 || type === 254;
}

/** Bytes of the whole handshake message whose header is at `at`. */
export function handshakeLength(b: Uint8Array, at: number): number {
  return 4 + u24be(b, at + 1);
}

const VERSION_NAMES: Readonly<Record<number, string>> = {
  0x0002: 'SSLv2', 0x0300: 'SSLv3', 0x0301: 'TLSv1.0', 0x0302: 'TLSv1.1', 0x0303: 'TLSv1.2', 0x0304: 'TLSv1.3', 0xfeff: 'DTLSv1.0', 0xfefd: 'DTLSv1.2', 0xfefc: 'DTLSv1.3',
};

/** `TLSv1.2`; drafts and unknown versions keep their number. */
export function versionName(v: number): string {
  return VERSION_NAMES[v] ?? (v >> 8 === 0x7f ? 'TLSv1.3' : `Unknown (0x${v.toString(16).padStart(4, '0')})`);
}
