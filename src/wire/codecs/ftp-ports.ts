import { fromHex } from '../../base/bytes.ts';
import { parseIp } from '../../base/ip.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { FtpTransfer } from './ftp-conversation.ts';
import { ftpFields } from './ftp-fields.ts';
import { putAddress } from './put-address.ts';
import { isDigit } from './text-line.ts';

const F = ftpFields;
const TCP = 6;

/** `h1,h2,h3,h4,p1,p2`, as numbers; reused for every line. */
const numbers = new Uint16Array(6);
/** Where the six numbers were found. */
let hostAt = 0;
let portAt = 0;
let numbersEnd = 0;

/** Finds six numbers between commas; false where there are none. */
function readHostPort(b: Uint8Array, at: number, end: number): boolean {
  for (let from = at; from < end; from++) {
    if (!isDigit(b[from])) continue;
    let n = 0;
    let i = from;
    while (n < 6) {
      let v = 0;
      const start = i;
      if (n === 4) portAt = i;
      while (i < end && isDigit(b[i]) && v < 1000) v = v * 10 + b[i++] - 48;
      if (i === start || v > 255) break;
      numbers[n++] = v;
      if (n < 6 && (i >= end || b[i++] !== 0x2c)) break;
    }
    if (n === 6) {
      hostAt = from;
      numbersEnd = i;
      return true;
    }
    from = Math.max(from, i - 1);
  }
  return false;
}

function addressOf(p: PacketView, at: number): Uint8Array {
  return p.network.slice(at, at + (p.ipVersion === 6 ? 16 : 4));
}

/** Address and port of PORT and of a reply to PASV, and the connection that they announce. `selfAt`: the address of who says so. */
export function putHostPort(p: PacketView, ip: Field, port: Field, nat: Field, at: number, end: number, selfAt: number, transfer: FtpTransfer): void {
  if (!readHostPort(p.bytes, at, end)) return;
  const address = Uint8Array.from(numbers.subarray(0, 4));
  const number = (numbers[4] << 8) | numbers[5];
  putAddress(p, ip, address);
  p.putInt(port, portAt, numbersEnd - portAt, number);
  const own = addressOf(p, selfAt);
  if (own.some((v, i) => v !== address[i])) p.putInt(nat, hostAt, 0, 1);
  p.trackers.expected.expect(TCP, address, number, addressOf(p, p.dstAt), p.id('ftp-data'), transfer);
}

/** `EPRT |1|192.0.2.1|6275|` (RFC 2428 §2). */
export function putEprt(p: PacketView, at: number, end: number, transfer: FtpTransfer): void {
  const text = p.host.latin1(p.bytes, at, end);
  const [before, family, host, portText, after] = text.split(text[0] ?? '|');
  const hex = parseIp(host ?? '');
  const address = hex === undefined ? undefined : fromHex(family === '1' ? hex.slice(-8) : hex);
  const port = Number(portText);
  if (before !== '' || after === undefined || address === undefined || !(port >= 0 && port < 65_536)) {
    p.expert('warn', 'malformed', F.eprtInvalid.name, at, end - at);
    return;
  }
  const v6 = family === '2';
  p.putInt(F.eprtFamily, at, 1, Number(family));
  putAddress(p, v6 ? F.eprtIpv6 : F.eprtIp, address);
  p.putInt(F.eprtPort, at, end - at, port);
  if (!v6) p.trackers.expected.expect(TCP, address, port, addressOf(p, p.dstAt), p.id('ftp-data'), transfer);
}

/** `Entering Extended Passive Mode (|||6446|)` (RFC 2428 §3). */
export function putEpsv(p: PacketView, at: number, end: number, transfer: FtpTransfer): void {
  const b = p.bytes;
  let i = at;
  while (i < end && b[i] !== 0x28) i++;
  const delimiter = i + 1 < end ? b[i + 1] : 0;
  let from = i + 1;
  while (from < end && b[from] === delimiter) from++;
  let port = 0;
  let to = from;
  while (to < end && isDigit(b[to]) && port < 65_536) port = port * 10 + b[to++] - 48;
  if (from !== i + 4 || to === from || b[to] !== delimiter || port > 65_535) {
    p.expert('warn', 'malformed', F.epsvInvalid.name, at, end - at);
    return;
  }
  const v6 = p.ipVersion === 6;
  putAddress(p, v6 ? F.epsvIpv6 : F.epsvIp, addressOf(p, p.srcAt));
  p.putInt(F.epsvPort, from, to - from, port);
  p.trackers.expected.expect(TCP, addressOf(p, p.srcAt), port, addressOf(p, p.dstAt), p.id('ftp-data'), transfer);
}
