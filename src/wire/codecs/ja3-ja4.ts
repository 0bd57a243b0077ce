import { toHex } from '../../base/bytes.ts';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { Host } from '../../base/host.ts';
import type { NumberList } from './tls-hello.ts';
import { TlsHello } from './tls-hello.ts';

/** Fingerprints of a ClientHello: JA3 (salesforce/ja3) and JA4 (FoxIO-LLC/ja4, the BSD-licensed client part). */
export interface ClientFingerprint {
  readonly ja3: string;
  readonly ja3Full: string;
  readonly ja4: string;
}

/** Different hellos whose fingerprints are kept: a client sends few, and computing one costs some 10 us. */
const CACHE = 1024;

interface Entry {
  readonly key: Uint16Array;
  readonly fingerprint: ClientFingerprint;
}

const scratch = new Uint16Array(4096);

function append(n: number, list: NumberList): number {
  scratch[n++] = list.length;
  for (let i = 0; i < list.length; i++) scratch[n++] = list.values[i];
  return n;
}

/**
 * Computes fingerprints, and remembers them by what they depend on: random numbers, names and key shares of a hello do not matter.
 */
export class Fingerprinter {
  readonly #cache = new BoundedMap<number, Entry>(CACHE);

  client(b: Uint8Array, hello: TlsHello, host: Host, transport: 't' | 'q' | 'd' = 't'): ClientFingerprint {
    const n = this.#fill(b, hello, transport);
    let hash = 0x811c9dc5;
    for (let i = 0; i < n; i++) hash = Math.imul(hash ^ scratch[i], 0x01000193);
    const known = this.#cache.get(hash);
    if (known !== undefined && same(known.key, n)) return known.fingerprint;
    const fingerprint = clientFingerprint(b, hello, host, transport);
    this.#cache.set(hash, { key: scratch.slice(0, n), fingerprint });
    return fingerprint;
  }

  #fill(b: Uint8Array, hello: TlsHello, transport: string): number {
    scratch[0] = hello.version;
    scratch[1] = transport.charCodeAt(0);
    scratch[2] = hello.serverNameAt >= 0 ? 1 : 0;
    scratch[3] = hello.alpnLength;
    let n = 4;
    for (let i = 0; i < hello.alpnLength; i++) scratch[n++] = b[hello.alpnAt + i];
    n = append(n, hello.ciphers);
    n = append(n, hello.extensions);
    n = append(n, hello.groups);
    n = append(n, hello.pointFormats);
    n = append(n, hello.signatureAlgorithms);
    return append(n, hello.versions);
  }
}

function same(key: Uint16Array, n: number): boolean {
  if (key.length !== n) return false;
  for (let i = 0; i < n; i++) if (key[i] !== scratch[i]) return false;
  return true;
}

/** MD5 of `version,ciphers,extensions,groups,formats` in decimal, GREASE taken out; empty lists keep their commas. */
function ja3Full(hello: TlsHello): string {
  const list = (l: NumberList): string => l.withoutGrease().join('-');
  const formats = Array.from(hello.pointFormats.values.subarray(0, hello.pointFormats.length)).join('-');
  return `${hello.version},${list(hello.ciphers)},${list(hello.extensions)},${list(hello.groups)},${formats}`;
}

function md5Of(text: string, host: Host): string {
  return toHex(host.md5(host.encodeUtf8(text)));
}

/** JA3S: MD5 of `version,cipher,extensions` of a ServerHello. */
export function ja3sFull(hello: TlsHello): string {
  const extensions = Array.from(hello.extensions.values.subarray(0, hello.extensions.length)).join('-');
  return `${hello.version},${hello.ciphers.values[0]},${extensions}`;
}

export function ja3s(hello: TlsHello, host: Host): string {
  return md5Of(ja3sFull(hello), host);
}

function clientFingerprint(b: Uint8Array, hello: TlsHello, host: Host, transport: 't' | 'q' | 'd'): ClientFingerprint {
  const full = ja3Full(hello);
  return { ja3: md5Of(full, host), ja3Full: full, ja4: ja4(b, hello, host, transport) };
}

const JA4_VERSIONS: Readonly<Record<number, string>> = {
  0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3', 0x0002: 's2', 0xfeff: 'd1', 0xfefd: 'd2', 0xfefc: 'd3',
};

const hex4 = (v: number): string => v.toString(16).padStart(4, '0');
const two = (n: number): string => String(Math.min(n, 99)).padStart(2, '0');

/** JA4: `t13d1516h2_8daaf6152771_e5627efa2ab1` (JA4.md of FoxIO-LLC/ja4). */
export function ja4(b: Uint8Array, hello: TlsHello, host: Host, transport: 't' | 'q' | 'd'): string {
  const ciphers = hello.ciphers.withoutGrease();
  const extensions = hello.extensions.withoutGrease();
  const sni = extensions.includes(0) ? 'd' : 'i';
  const version = JA4_VERSIONS[hello.effectiveVersion] ?? '00';
  const head = `${transport}${version}${sni}${two(ciphers.length)}${two(extensions.length)}${alpnLetters(b, hello)}`;
  const signatures = hello.signatureAlgorithms.withoutGrease().map(hex4).join(',');
  const sorted = extensions.filter((e) => e !== 0 && e !== 16).map(hex4).toSorted().join(',');
  return `${head}_${sha12(ciphers.map(hex4).toSorted().join(','), host)}_${extensions.length === 0 ? NOTHING : sha12(signatures === '' ? sorted : `${sorted}_${signatures}`, host)}`;
}

const NOTHING = '000000000000';

function sha12(text: string, host: Host): string {
  return text === '' ? NOTHING : toHex(host.sha256(host.encodeUtf8(text)), 0, 6);
}

/** First and last character of the first ALPN; of its hex digits where one of the two is not alphanumeric. */
function alpnLetters(b: Uint8Array, hello: TlsHello): string {
  if (hello.alpnLength === 0) return '00';
  const first = b[hello.alpnAt];
  const last = b[hello.alpnAt + hello.alpnLength - 1];
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return (first >> 4).toString(16) + (last & 15).toString(16);
}

function isAlphanumeric(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}
