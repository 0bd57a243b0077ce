import { defineDissector } from '../define-dissector.ts';
import { DerElement, readElement } from '../codecs/der.ts';
import { ldapFields as F } from '../codecs/ldap-fields.ts';
import { putEnvelope } from '../codecs/ldap-message.ts';
import { mscldapFields } from '../codecs/mscldap-fields.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const SEQUENCE = 0x30;
const e = new DerElement();

/** LDAP over UDP, which clients use to find a domain controller. */
export const cldap = defineDissector({
  name: 'cldap',
  title: 'Connectionless Lightweight Directory Access Protocol',
  spec: ['RFC 1798', 'MS-ADTS §6.3.3'],
  over: { 'udp.port': [389] },
  fields: { ...F, ...mscldapFields },
  dissect(p, at, end) {
    if (end - at < 2 || p.bytes[at] !== SEQUENCE || !readElement(p.bytes, at, p.wireEnd, e)) return DECLINE;
    if (!putEnvelope(p, at, e.contentAt, Math.min(e.end, end))) return DECLINE;
    readElement(p.bytes, at, p.wireEnd, e);
    for (let q = e.end; q + 2 < end && readElement(p.bytes, q, end, e); q = e.end) {
      const next = e.end;
      if (!putEnvelope(p, q, e.contentAt, next)) break;
      e.end = next;
    }
    return DONE;
  },
});
export default cldap;
