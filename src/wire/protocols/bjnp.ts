import { u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { putRun } from '../codecs/field-run.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const bjnpFields = defineFields({
  id: { name: 'bjnp.id', ...put('string', 'Id') },
  type: { name: 'bjnp.type', ...put('u8', 'Type') },
  code: { name: 'bjnp.code', ...put('u8', 'Code') },
  sequence: { name: 'bjnp.seq_no', ...put('u32', 'Sequence Number') },
  session: { name: 'bjnp.session_id', ...put('u16', 'Session Id') },
  length: { name: 'bjnp.payload_len', ...put('u32', 'Payload Length') },
  payload: { name: 'bjnp.payload', ...put('bytes', 'Payload') },
});
const F = bjnpFields;
const HEADER_LEN = 16;
const HEAD: FieldRun = [[F.id, 4], [F.type, 1], [F.code, 1], [F.sequence, 4], [F.session, 2], [F.length, 4]];
/** "BJNP", "BNJB" and "MFNP" begin a message. */
const IDS: ReadonlySet<number> = new Set([0x424a4e50, 0x424e4a42, 0x4d464e50]);

/** Canon's protocol of printers and scanners over UDP. */
export default defineDissector({
  name: 'bjnp',
  title: 'Canon BJNP',
  spec: ['Observed behaviour'],
  over: { 'udp.port': [8611, 8612, 8613, 8614] },
  fields: bjnpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    if (!IDS.has(u32be(p.bytes, at))) return DECLINE;
    const payload = putRun(p, at, end, HEAD);
    if (payload < end) p.put(F.payload, payload, end - payload);
    return DONE;
  },
});
