/** Mechanisms of GSS-API by their object identifiers. */
export const OID_SPNEGO = '1.3.6.1.5.5.2';
export const OID_NTLMSSP = '1.3.6.1.4.1.311.2.2.10';
const OID_NEGOEX = '1.3.6.1.4.1.311.2.2.30';

const KERBEROS: ReadonlySet<string> = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2', '1.2.840.113554.1.2.2.3', '1.3.5.1.5.2']);

export function isKerberosMechanism(oid: string): boolean {
  return KERBEROS.has(oid);
}

/** The dissector of a mechanism, '' = none. */
export function mechanismReader(oid: string): string {
  if (isKerberosMechanism(oid)) return 'spnego-krb5';
  if (oid === OID_NTLMSSP) return 'ntlmssp';
  return oid === OID_NEGOEX ? 'negoex' : '';
}

/** `NTLMSSP\0`. */
export function isNtlm(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= 8 && b[at] === 0x4e && b[at + 1] === 0x54 && b[at + 2] === 0x4c && b[at + 3] === 0x4d && b[at + 4] === 0x53 && b[at + 5] === 0x53 && b[at + 6] === 0x50 && b[at + 7] === 0;
}
