import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Code 1, identifier 1, length 2; requests and responses: type 1, data (RFC 3748 §4).
const HEAD_LEN = 4;
const REQUEST = 1;
const RESPONSE = 2;
const IDENTITY = 1;
const NOTIFICATION = 2;
const NAK = 3;
const MD5 = 4;
const MSCHAP2 = 26;
const TYPES = { 1: 'Identity', 2: 'Notification', 3: 'Legacy Nak (Response Only)', 4: 'MD5-Challenge EAP', 6: 'Generic Token Card EAP', 13: 'TLS EAP', 17: 'LEAP', 18: 'SIM', 21: 'TTLS EAP', 23: 'AKA', 25: 'Protected EAP', 26: 'MS-Authentication', 43: 'FAST EAP' } as const;

export const eapFields = defineFields({
  code: { name: 'eap.code', ...fixed('u8', 0, 'Code', { values: { 1: 'Request', 2: 'Response', 3: 'Success', 4: 'Failure' } }) },
  id: { name: 'eap.id', ...fixed('u8', 1, 'Id') },
  length: { name: 'eap.len', ...fixed('u16', 2, 'Length') },
  type: { name: 'eap.type', ...put('u8', 'Type', { values: TYPES }) },
  desired: { name: 'eap.desired_type', ...put('u8', 'Desired Auth Type', { values: TYPES }) },
  identity: { name: 'eap.identity', ...put('string', 'Identity') },
  notification: { name: 'eap.notification', ...put('string', 'Notification') },
  md5Size: { name: 'eap.md5.value_size', ...put('u8', 'EAP-MD5 Value-Size') },
  md5: { name: 'eap.md5.value', ...put('bytes', 'EAP-MD5 Value') },
  md5Extra: { name: 'eap.md5.extra_data', ...put('bytes', 'EAP-MD5 Extra Data') },
  msOpcode: { name: 'eap.ms_chap_v2.opcode', ...put('u8', 'EAP-MS-CHAP-v2 OpCode') },
  msId: { name: 'eap.ms_chap_v2.id', ...put('u8', 'EAP-MS-CHAP-v2 Id') },
  msLength: { name: 'eap.ms_chap_v2.length', ...put('u16', 'EAP-MS-CHAP-v2 Length') },
});
const F = eapFields;

/** Authentication by whichever method both sides agree on. */
export const eap = defineDissector({
  name: 'eap',
  title: 'Extensible Authentication Protocol',
  hierarchy: 'heading',
  spec: ['RFC 3748 §4'],
  over: { 'ppp.protocol': [0xc227] },
  fields: eapFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const code = b[at];
    const last = at + u16be(b, at + 2);
    if ((code !== REQUEST && code !== RESPONSE) || last <= at + HEAD_LEN) return DONE;
    const from = at + HEAD_LEN;
    if (from >= end) return p.tooShort(HEAD_LEN + 1);
    p.put(F.type, from, 1);
    readMethod(p, b[from], from + 1, Math.min(end, last));
    return last > end ? p.tooShort(last - at) : DONE;
  },
  info: (row) => `${row.text(F.code) === '1' ? 'Request' : row.text(F.code) === '2' ? 'Response' : `Code ${row.text(F.code)}`}, ${TYPES[row.num(F.type) as 1] ?? ''}`,
});
export default eap;

function readMethod(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  if (at >= end) return;
  switch (type) {
    case IDENTITY: p.put(F.identity, at, end - at); return;
    case NOTIFICATION: p.put(F.notification, at, end - at); return;
    case NAK: for (let i = at; i < end; i++) p.put(F.desired, i, 1); return;
    case MD5: {
      const size = b[at];
      p.put(F.md5Size, at, 1);
      if (at + 1 + size > end) return;
      p.put(F.md5, at + 1, size);
      if (at + 1 + size < end) p.put(F.md5Extra, at + 1 + size, end - at - 1 - size);
      return;
    }
    case MSCHAP2:
      p.put(F.msOpcode, at, 1);
      if (end - at < 4) return;
      p.put(F.msId, at + 1, 1);
      p.put(F.msLength, at + 2, 2);
  }
}
