import { u16be } from '../../base/bytes.ts';
import { RSVP_MESSAGES, rsvpFields } from '../codecs/rsvp-fields.ts';
import { putRsvpObject } from '../codecs/rsvp-objects.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE, TRUNCATED } from '../packet-view.ts';

const HEADER_LEN = 8;
const OBJECT_HEADER = 4;

const F = rsvpFields;
const KINDS = [undefined, F.path, F.resv, F.perr, F.rerr, F.ptear, F.rtear, F.resvconf];
const HELLO = 20;

export const rsvp = defineDissector({
  name: 'rsvp',
  title: 'Resource ReserVation Protocol (RSVP)',
  spec: ['RFC 2205 §3', 'RFC 3209', 'RFC 3473'],
  over: { 'ip.proto': [46], 'udp.port': [3455] },
  fields: rsvpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const type = b[at + 1];
    const kind = type === HELLO ? F.hello : KINDS[type];
    if (kind !== undefined) p.putInt(kind, at + 1, 1, 1);
    const length = u16be(b, at + 6);
    const messageEnd = Math.min(end, at + length);
    for (let i = at + HEADER_LEN; i + OBJECT_HEADER <= messageEnd;) {
      const size = u16be(b, i);
      if (size < OBJECT_HEADER) {
        p.put(F.length, i, 2);
        p.expert('error', 'malformed', 'rsvp.invalid_length', i, 2);
        return DONE;
      }
      putRsvpObject(p, i, Math.min(messageEnd, i + size));
      i += size;
    }
    return at + length > end && end < p.wireEnd ? TRUNCATED : DONE;
  },
  info: (row) => (RSVP_MESSAGES as Readonly<Record<number, string>>)[row.num(F.msg)] ?? 'Unknown',
});
export default rsvp;
