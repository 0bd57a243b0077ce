import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const udsFields = defineFields({
  sid: { name: 'uds.sid', ...put('u8', 'Service Identifier', { base: 'hex', mask: 0xbf }) },
  reply: { name: 'uds.reply', ...put('u8', 'Reply Flag', { base: 'hex', mask: 0x40 }) },
  errorSid: { name: 'uds.err.sid', ...put('u8', 'Service Identifier', { base: 'hex' }) },
  errorCode: { name: 'uds.err.code', ...put('u8', 'Code', { base: 'hex' }) },
});
const F = udsFields;
const NEGATIVE = 0x7f;

/** Unified Diagnostic Services: the service, and why it was refused (ISO 14229-1 §8). */
export default defineDissector({
  name: 'uds',
  title: 'Unified Diagnostic Services',
  spec: ['ISO 14229-1 §8'],
  over: {},
  fields: udsFields,
  column: 'UDS',
  dissect(p, at, end) {
    if (at >= end) return p.tooShort(1);
    p.put(F.sid, at, 1);
    p.put(F.reply, at, 1);
    if (p.bytes[at] !== NEGATIVE || at + 3 > end) return DONE;
    p.put(F.errorSid, at + 1, 1);
    p.put(F.errorCode, at + 2, 1);
    return DONE;
  },
});
