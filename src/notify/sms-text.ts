import type { Notification } from '../model/index.ts';

// GSM 03.38 (3GPP TS 23.038 §6.2.1): characters of one septet, and those of two behind an escape.
const BASIC = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '^{}\\[~]|€';
const SEPTETS: ReadonlyMap<string, number> = new Map([...Array.from(BASIC, (c) => [c, 1] as const), ...Array.from(EXTENDED, (c) => [c, 2] as const)]);
const ONE_MESSAGE = 160;

/** A character as a short message can carry it: itself, itself without its accent, or a question mark. */
function spelt(character: string, ascii: boolean): string {
  const fits = (c: string): boolean => (ascii ? /^[ -~]$/.test(c) : SEPTETS.has(c));
  if (fits(character)) return character;
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '');
  if (plain !== '' && Array.from(plain).every(fits)) return plain;
  return /[–—‐]/.test(character) ? '-' : character === '…' ? '...' : character === 'ß' ? 'ss' : '?';
}

/**
 * A message in the 160 septets of one SMS, so that no network splits it: subject, and the link where it still fits whole.
 *
 * `ascii` keeps to what a modem takes in its alphabet IRA.
 */
export function smsText(n: Notification, ascii = false): string {
  const clean = (text: string): string => Array.from(text.replace(/\s+/g, ' ').trim(), (c) => spelt(c, ascii)).join('');
  const subject = fitted(clean(n.subject), ONE_MESSAGE);
  const link = n.link === null ? '' : ` ${clean(n.link)}`;
  return septetsOf(subject) + septetsOf(link) <= ONE_MESSAGE ? subject + link : subject;
}

export function septetsOf(text: string): number {
  return Array.from(text).reduce((sum, c) => sum + (SEPTETS.get(c) ?? ONE_MESSAGE), 0);
}

function fitted(text: string, septets: number): string {
  let used = 0;
  let out = '';
  for (const c of text) {
    used += SEPTETS.get(c) ?? 1;
    if (used > septets) return `${Array.from(out).slice(0, -3).join('')}...`;
    out += c;
  }
  return out;
}
