import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';

/** Octets of a NetBIOS name; the last one is its suffix, the kind of the service (RFC 1001 §14). */
export const NETBIOS_NAME = 16;
const ENCODED = 32;

/** Services by suffix, as Microsoft lists them ("NetBIOS Suffixes"). */
const SUFFIXES: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector', 0x01: 'Browser', 0x02: 'Workstation/Redirector', 0x03: 'Messenger service/Main name', 0x05: 'Forwarded name',
  0x06: 'RAS Server service', 0x1b: 'Domain Master Browser', 0x1c: 'Domain Controllers', 0x1d: 'Local Master Browser', 0x1e: 'Browser Election Service',
  0x1f: 'Net DDE Service', 0x20: 'Server service', 0x21: 'RAS client service', 0x22: 'Exchange Interchange (MSMail Connector)', 0x23: 'Exchange Store',
  0x24: 'Exchange Directory', 0x2b: 'Lotus Notes Server service', 0x30: 'Modem sharing server service', 0x31: 'Modem sharing client service',
  0x43: 'SMS Clients Remote Control', 0x44: 'SMS Administrators Remote Control Tool', 0x45: 'SMS Clients Remote Chat', 0x46: 'SMS Clients Remote Transfer',
  0x4c: 'DEC TCPIP SVC on Windows NT', 0x52: 'DEC TCPIP SVC on Windows NT', 0x87: 'Exchange MTA', 0x6a: 'Exchange IMC', 0xbe: 'Network Monitor Agent',
  0xbf: 'Network Monitor Application',
};

function hex2(v: number): string {
  return v.toString(16).padStart(2, '0');
}

/** The fifteen octets before the suffix: odd ones in angle brackets, without the spaces that fill them. */
export function netbiosStem(b: Uint8Array, at: number): string {
  let stop = NETBIOS_NAME - 1;
  while (stop > 0 && b[at + stop - 1] === 0x20) stop--;
  let text = '';
  for (let i = 0; i < stop; i++) {
    const c = b[at + i];
    text += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : `<${hex2(c)}>`;
  }
  return text;
}

/** A name of sixteen octets as people see it: `WORKGROUP<1d>`. */
export function netbiosText(b: Uint8Array, at: number): string {
  return `${netbiosStem(b, at)}<${hex2(b[at + NETBIOS_NAME - 1])}>`;
}

/** The same with what the suffix stands for, where it is known. */
export function netbiosTitle(b: Uint8Array, at: number): string {
  const service = SUFFIXES[b[at + NETBIOS_NAME - 1]];
  return service === undefined ? netbiosText(b, at) : `${netbiosText(b, at)} (${service})`;
}

const scratch = new Uint8Array(NETBIOS_NAME);

/**
 * Decodes the first-level encoding (RFC 1001 §14.1): two letters from A to P an octet, 32 of them from `at` on. The octets are in
 * the result until the next call; undefined where the letters are others.
 */
export function decodeNetbios(b: Uint8Array, at: number, end: number): Uint8Array | undefined {
  if (at + ENCODED > end) return undefined;
  for (let i = 0; i < NETBIOS_NAME; i++) {
    const high = b[at + 2 * i] - 0x41;
    const low = b[at + 2 * i + 1] - 0x41;
    if (high < 0 || high > 15 || low < 0 || low > 15) return undefined;
    scratch[i] = (high << 4) | low;
  }
  return scratch;
}

/**
 * Text of a name in first-level encoding (RFC 1001 §14.1), 32 letters at `at`, as analysts read it: `SERVER<20> (Server service)`.
 * The caller has checked the length.
 */
export function netbiosName(b: Uint8Array, at: number): string {
  const bare = bareName(b, at);
  return `${bare} (${SUFFIXES[Number.parseInt(bare.slice(-3, -1), 16)] ?? 'Unknown'})`;
}

/** The same without who holds it: `SERVER<20>`. */
function bareName(b: Uint8Array, at: number): string {
  let text = '';
  let type = 0;
  for (let i = 0; i < NETBIOS_NAME; i++) {
    const v = (((b[at + 2 * i] - 0x41) & 15) << 4) | ((b[at + 2 * i + 1] - 0x41) & 15);
    if (i < NETBIOS_NAME - 1) text += v === 0 ? '' : v >= 0x20 && v < 0x7f ? String.fromCharCode(v) : `<${hex2(v)}>`;
    else type = v;
  }
  return `${text.trimEnd()}<${hex2(type)}>`;
}

/** Puts the name whose length byte is at `at`, with its scope; returns where it ends, -1 where it does not end before `end`. */
export function netbiosNameAt(p: PacketView, at: number, end: number, f: Field): number {
  const b = p.bytes;
  if (at + 34 > end || b[at] !== 32) return -1;
  let q = at + 33;
  while (q < end && b[q] !== 0 && b[q] < 0xc0) q += b[q] + 1;
  if (q >= end) return -1;
  if (p.wants(f)) p.putText(f, at, q + 1 - at, bareName(b, at + 1));
  return q + 1;
}
