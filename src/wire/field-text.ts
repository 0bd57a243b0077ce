import { toHex } from '../base/bytes.ts';

/** Seconds and nanoseconds as Wireshark writes spans and epochs: `1700000000.000000005`, with one sign for both. */
export function secondsText(seconds: number, nanoseconds: number, digits = 9): string {
  const negative = seconds < 0 || nanoseconds < 0;
  const fraction = String(Math.abs(nanoseconds)).padStart(9, '0');
  return `${negative ? '-' : ''}${Math.abs(seconds)}.${digits < 9 ? fraction.slice(0, digits) : fraction}`;
}

/** Address of six bytes: `00:00:5e:00:53:01`. */
export function macText(b: Uint8Array, at: number, len = 6): string {
  return toHex(b, at, at + len, ':');
}

/** Dotted quad of four bytes. */
export function ipv4Text(b: Uint8Array, at: number): string {
  return `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`;
}

/** RFC 5952's text of sixteen bytes; unlike `formatIp` it does not write mapped IPv4 addresses as IPv4 ones. */
export function ipv6Text(b: Uint8Array, at: number): string {
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && b[at + 2 * (i + n)] === 0 && b[at + 2 * (i + n) + 1] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
    if (n > 0) i += n - 1;
  }
  // Addresses with 80 or 96 zero bits in front are written with an embedded IPv4 address (RFC 5952 §5).
  const mapped = best === 0 && bestLength === 5 && b[at + 10] === 255 && b[at + 11] === 255;
  if (mapped) return `::ffff:${ipv4Text(b, at + 12)}`;
  if (best === 0 && bestLength === 6) return `::${ipv4Text(b, at + 12)}`;
  let out = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      out += '::';
      i += bestLength - 1;
      continue;
    }
    if (out !== '' && !out.endsWith(':')) out += ':';
    out += ((b[at + 2 * i] << 8) | b[at + 2 * i + 1]).toString(16);
  }
  return out;
}
