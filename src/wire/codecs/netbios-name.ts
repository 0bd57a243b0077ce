import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';

/** What the last byte of a NetBIOS name says of its holder. */
const NAME_TYPES: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector', 0x01: 'Browser', 0x02: 'Workstation/Redirector', 0x03: 'Messenger service/Main name', 0x05: 'Forwarded name',
  0x06: 'RAS Server service', 0x1b: 'Domain Master Browser', 0x1c: 'Domain Controllers', 0x1d: 'Local Master Browser', 0x1e: 'Browser Election Service',
  0x1f: 'Net DDE Service', 0x20: 'Server service', 0x21: 'RAS client service', 0x22: 'Exchange Interchange (MSMail Connector)', 0x23: 'Exchange Store',
  0x24: 'Exchange Directory', 0x2b: 'Lotus Notes Server service', 0x30: 'Modem sharing server service', 0x31: 'Modem sharing client service',
  0x43: 'SMS Clients Remote Control', 0x44: 'SMS Administrators Remote Control Tool', 0x45: 'SMS Clients Remote Chat', 0x46: 'SMS Clients Remote Transfer',
  0x4c: 'DEC TCPIP SVC on Windows NT', 0x52: 'DEC TCPIP SVC on Windows NT', 0x87: 'Exchange MTA', 0x6a: 'Exchange IMC', 0xbe: 'Network Monitor Agent',
  0xbf: 'Network Monitor Application',
};

/**
 * Text of a name in first-level encoding (RFC 1001 §14.1), 32 letters at `at`, as analysts read it: `SERVER<20> (Server service)`.
 * The caller has checked the length.
 */
export function netbiosName(b: Uint8Array, at: number): string {
  let text = '';
  let type = 0;
  for (let i = 0; i < 16; i++) {
    const v = (((b[at + 2 * i] - 0x41) & 15) << 4) | ((b[at + 2 * i + 1] - 0x41) & 15);
    if (i < 15) text += v === 0 ? '' : v >= 0x20 && v < 0x7f ? String.fromCharCode(v) : `<${v.toString(16).padStart(2, '0')}>`;
    else type = v;
  }
  return `${text.trimEnd()}<${type.toString(16).padStart(2, '0')}> (${NAME_TYPES[type] ?? 'Unknown'})`;
}

/** Puts the name whose length byte is at `at`, with its scope; returns where it ends, -1 where it does not end before `end`. */
export function netbiosNameAt(p: PacketView, at: number, end: number, f: Field): number {
  const b = p.bytes;
  if (at + 34 > end || b[at] !== 32) return -1;
  let q = at + 33;
  while (q < end && b[q] !== 0 && b[q] < 0xc0) q += b[q] + 1;
  if (q >= end) return -1;
  if (p.wants(f)) p.putText(f, at, q + 1 - at, netbiosName(b, at + 1));
  return q + 1;
}
