import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// What all control protocols of PPP share (RFC 1661 §5): code 1, identifier 1, length 2; then options, or what the code wants.

const HEAD_LEN = 4;
const CONFIGURE_REQUEST = 1;
const CONFIGURE_REJECT = 4;

export const PPP_CODES = {
  0: 'Vendor Specific', 1: 'Configuration Request', 2: 'Configuration Ack', 3: 'Configuration Nak', 4: 'Configuration Reject', 5: 'Termination Request', 6: 'Termination Ack', 7: 'Code Reject',
  8: 'Protocol Reject', 9: 'Echo Request', 10: 'Echo Reply', 11: 'Discard Request', 12: 'Identification', 13: 'Time Remaining', 14: 'Reset Request', 15: 'Reset Ack',
} as const;

export const pppControlFields = defineFields({
  code: { name: 'ppp.code', ...put('u8', 'Code', { values: PPP_CODES }) },
  identifier: { name: 'ppp.identifier', ...put('u8', 'Identifier', { base: 'dec_hex' }) },
  length: { name: 'ppp.length', ...put('u16', 'Length') },
  data: { name: 'ppp.data', ...put('bytes', 'Data') },
  invalid: { name: 'ppp.opt.len.invalid', ...put('none', 'Invalid length for option') },
});
const F = pppControlFields;

/** The two fields of an option's head, under the protocol's own name. */
export function pppOptionFields(protocol: string, values: Readonly<Record<number, string>>) {
  return defineFields({
    type: { name: `${protocol}.opt.type`, ...put('u8', 'Type', { values }) },
    length: { name: `${protocol}.opt.length`, ...put('u8', 'Length') },
  });
}

/** Reads one option's value, `[at, end)`. */
export type ReadOption = (p: PacketView, type: number, at: number, end: number) => void;
/** Reads what stands behind the head of the codes that have no options. */
export type ReadOther = (p: PacketView, code: number, at: number, end: number) => void;

/** Reads one unit of a control protocol. */
export function readPppControl(p: PacketView, at: number, end: number, type: Field, optionLength: Field, option: ReadOption, other: ReadOther): number {
  if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
  const b = p.bytes;
  const code = b[at];
  p.put(F.code, at, 1);
  p.put(F.identifier, at + 1, 1);
  p.put(F.length, at + 2, 2);
  const last = Math.min(end, at + u16be(b, at + 2));
  let from = at + HEAD_LEN;
  if (code < CONFIGURE_REQUEST || code > CONFIGURE_REJECT) {
    if (last > from) other(p, code, from, last);
    return DONE;
  }
  while (last - from >= 2) {
    const length = b[from + 1];
    p.put(type, from, 1);
    p.put(optionLength, from + 1, 1);
    if (length < 2) {
      p.expert('warn', 'protocol', 'ppp.opt.len.invalid', from + 1, 1);
      return DONE;
    }
    if (from + length > last) return p.tooShort(from + length - at);
    option(p, b[from], from + 2, from + length);
    from += length;
  }
  return DONE;
}

/** For protocols whose other codes only carry data. */
export function putPppData(p: PacketView, _code: number, at: number, end: number): void {
  p.put(F.data, at, end - at);
}
