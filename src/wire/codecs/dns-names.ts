// Names of the DNS registries as logs write them (IANA, "DNS Parameters").
import { dnsFields } from './dns-fields.ts';

const RCODES: Readonly<Record<number, string>> = {
  0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED', 6: 'YXDOMAIN', 7: 'YXRRSET', 8: 'NXRRSET', 9: 'NOTAUTH', 10: 'NOTZONE', 16: 'BADVERS',
  17: 'BADKEY', 18: 'BADTIME', 19: 'BADMODE', 20: 'BADNAME', 21: 'BADALG', 22: 'BADTRUNC', 23: 'BADCOOKIE',
};
const CLASSES: Readonly<Record<number, string>> = { 1: 'C_INTERNET', 2: 'C_CSNET', 3: 'C_CHAOS', 4: 'C_HESIOD', 254: 'C_NONE', 255: 'C_ANY' };

export function dnsRcodeName(code: number): string {
  return RCODES[code] ?? `rcode-${code}`;
}

export function dnsClassName(value: number): string {
  return CLASSES[value] ?? `qclass-${value}`;
}

export function dnsTypeName(value: number): string {
  if (value === 255) return '*';
  const name = dnsFields.qryType.values?.[value];
  return name === undefined ? `query-${value}` : name.split(' ', 1)[0];
}
