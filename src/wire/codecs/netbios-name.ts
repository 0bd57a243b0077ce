/** Octets of a NetBIOS name; the last one is its suffix, the kind of the service (RFC 1001 §14). */
export const NETBIOS_NAME = 16;
const ENCODED = 32;

/** Services by suffix, as Microsoft lists them ("NetBIOS Suffixes"). */
const SUFFIXES: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector', 0x01: 'Browser', 0x02: 'Workstation/Redirector', 0x03: 'Messenger service/Main name', 0x05: 'Forwarded name',
  0x06: 'RAS Server service', 0x1b: 'Domain Master Browser', 0x1c: 'Domain Controllers', 0x1d: 'Local Master Browser', 0x1e: 'Browser Election Service',
  0x1f: 'Net DDE Service', 0x20: 'Server service', 0x21: 'RAS client service', 0x22: 'Exchange Interchange (MSMail Connector)', 0x23: 'Exchange Store (Microsoft)',
  0x24: 'Exchange Directory', 0x2b: 'Lotus Notes Server service', 0x30: 'Modem sharing server service', 0x31: 'Modem sharing client service',
  0x43: 'SMS Clients Remote Control', 0x44: 'SMS Administrators Remote Control Tool', 0x45: 'SMS Clients Remote Chat', 0x46: 'SMS Clients Remote Transfer',
  0x4c: 'DEC Pathworks TCP/IP service on Windows NT', 0x52: 'DEC Pathworks TCP/IP service', 0x6a: 'Microsoft Exchange IMC', 0x87: 'Microsoft Exchange MTA',
  0xbe: 'Network Monitor Agent', 0xbf: 'Network Monitor Analyzer',
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
