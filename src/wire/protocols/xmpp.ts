import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const mark = (name: string, title: string) => ({ name: `xmpp.${name}`, ...put('none', title) });

export const xmppFields = defineFields({
  stream: mark('stream', 'STREAM'),
  streamEnd: mark('stream_end', 'STREAM END'),
  features: mark('features', 'FEATURES'),
  starttls: mark('starttls', 'STARTTLS'),
  proceed: mark('proceed', 'PROCEED'),
  iq: mark('iq', 'IQ'),
  message: mark('message', 'MESSAGE'),
  presence: mark('presence', 'PRESENCE'),
  auth: mark('auth', 'AUTH'),
  success: mark('success', 'SUCCESS'),
  failure: mark('failure', 'FAILURE'),
});
const F = xmppFields;
const LESS = 60;
/** Stanzas by the name of their element (RFC 6120 §4, §5.4, §6.4, §8.1). */
const STANZAS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['stream:stream', F.stream], ['/stream:stream', F.streamEnd], ['stream:features', F.features], ['starttls', F.starttls], ['proceed', F.proceed],
  ['iq', F.iq], ['message', F.message], ['presence', F.presence], ['auth', F.auth], ['success', F.success], ['failure', F.failure],
]);
const MAX_NAME = 20;

/** Extensible Messaging and Presence Protocol: stanzas by name, and the change to TLS. */
export const xmpp = defineDissector({
  name: 'xmpp',
  title: 'XMPP Protocol',
  spec: ['RFC 6120'],
  over: { 'tcp.port': [5222] },
  fields: xmppFields,
  short: 'XMPP',
  column: 'XMPP/XML',
  dissect(p, at, end) {
    const b = p.bytes;
    if (at >= end || (b[at] !== LESS && b[at] > 32)) return DECLINE;
    for (let i = at; i < end; i++) {
      if (b[i] !== LESS) continue;
      const name = nameAt(p, i + 1, end);
      const field = STANZAS.get(name);
      if (field === undefined) continue;
      p.put(field, i, name.length + 1);
      if (field === F.proceed) p.setApp(p.id('tls'));
    }
    return DONE;
  },
});

/** The name of an element: letters up to a space, a slash or the end of the tag. */
function nameAt(p: PacketView, at: number, end: number): string {
  let i = at;
  while (i < end && i - at < MAX_NAME && p.bytes[i] !== 32 && p.bytes[i] !== 62 && (p.bytes[i] !== 47 || i === at)) i++;
  return p.host.latin1(p.bytes, at, i);
}

export default xmpp;
