/** What the messages of one conversation have settled; each message adds to it. */
export interface TlsNegotiation {
  /** The server's choice, 0 = not known yet; drafts keep their number (0x7fxx). */
  version: number;
  cipher: number;
  clientSessionId: string;
  /** Keys were exchanged in this conversation: the session is a new one (RFC 5246 §F.1.4). */
  keysExchanged: boolean;
  clientRandom: Uint8Array | undefined;
  serverRandom: Uint8Array | undefined;
  /** The application's name by ALPN (RFC 7301), empty where none was agreed on. */
  alpn: string;
  extendedMasterSecret: boolean;
  encryptThenMac: boolean;
}

/** TLS 1.3 or a draft of it. */
export function isTls13(version: number): boolean {
  return version === 0x0304 || version >> 8 === 0x7f || version === 0xfefc;
}

/** A version of DTLS (RFC 6347 §4.1), that of OpenSSL before 0.9.8f too. */
export function isDatagram(version: number): boolean {
  return version >> 8 === 0xfe || version === 0x0100;
}

const inRanges = (v: number, ranges: readonly (readonly [number, number])[]): boolean => ranges.some(([from, to]) => v >= from && v <= to);

/** Suites with an exchange of Diffie and Hellman, and those whose server signs nothing. */
const DHE: readonly (readonly [number, number])[] = [
  [0x11, 0x1b], [0x32, 0x34], [0x38, 0x3a], [0x40, 0x40], [0x44, 0x46], [0x63, 0x63], [0x65, 0x67], [0x6a, 0x6d], [0x87, 0x89], [0x99, 0x9b], [0x9e, 0x9f],
  [0xa2, 0xa3], [0xa6, 0xa7], [0xbd, 0xbf], [0xc3, 0xc5], [0xc052, 0xc053], [0xc056, 0xc057], [0xc07c, 0xc085], [0xc09e, 0xc09f], [0xc0a2, 0xc0a3], [0xccaa, 0xccaa],
];
const ANONYMOUS: readonly (readonly [number, number])[] = [
  [0x17, 0x1b], [0x34, 0x34], [0x3a, 0x3a], [0x46, 0x46], [0x6c, 0x6d], [0x89, 0x89], [0x9b, 0x9b], [0xa6, 0xa7], [0xbf, 0xbf], [0xc5, 0xc5], [0xc015, 0xc019],
];
const ECDHE: readonly (readonly [number, number])[] = [
  [0xc001, 0xc019], [0xc023, 0xc032], [0xc048, 0xc04f], [0xc05c, 0xc063], [0xc072, 0xc07b], [0xc086, 0xc08d], [0xc0ac, 0xc0af], [0xcca8, 0xcca9], [0xcc13, 0xcc14],
];

export type KeyExchange = 'rsa' | 'dhe' | 'ecdhe' | 'psk';

/** How a suite's parties agree on keys. */
export function keyExchangeOf(cipher: number): KeyExchange {
  if (inRanges(cipher, ECDHE)) return 'ecdhe';
  if (inRanges(cipher, DHE)) return 'dhe';
  return (cipher >= 0x8a && cipher <= 0x91) || (cipher >= 0xa8 && cipher <= 0xb9) || (cipher >= 0xc033 && cipher <= 0xc03b) ? 'psk' : 'rsa';
}

/** True where the server signs its key (RFC 5246 §7.4.3). */
export function signsKey(cipher: number): boolean {
  return !inRanges(cipher, ANONYMOUS);
}
