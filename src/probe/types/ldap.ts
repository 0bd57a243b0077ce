import { z } from 'zod';
import { DER, DerElement, readElement } from '../../wire/codecs/der.ts';
import { berElement, berInteger, berText } from '../ber-write.ts';
import { converse, serviceOptions, type Conversation } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';

const START_TLS = '1.3.6.1.4.1.1466.20037';
const SEARCH_ENTRY = 0x64;
const SEARCH_DONE = 0x65;
const EXTENDED_RESPONSE = 0x78;
/** Names of the result codes that a probe may meet (RFC 4511 §A.1). */
const RESULTS: Readonly<Record<number, string>> = { 1: 'operationsError', 2: 'protocolError', 8: 'strongerAuthRequired', 32: 'noSuchObject', 50: 'insufficientAccessRights', 51: 'busy', 52: 'unavailable', 53: 'unwillingToPerform' };
const message = (id: number, operation: Uint8Array): Uint8Array => berElement(0x30, berInteger(id), operation);

/** The next message: the tag of its operation and the operation's content. */
async function nextMessage(c: Conversation, what: string): Promise<{ tag: number; bytes: Uint8Array; at: number; end: number }> {
  const e = new DerElement();
  const bytes = await c.take(what, (held) => {
    if (held.length > 0 && held[0] !== 0x30) throw new Fault('protocol', `${what} is not of LDAP`);
    // Where the head is there, its element tells the whole length, whether or not all of it has come.
    if (held.length < 2 || (held[1] >= 0x80 && held.length < 2 + (held[1] & 0x7f))) return undefined;
    readElement(held, 0, held.length, e);
    return e.end;
  });
  if (!readElement(bytes, 0, bytes.length, e) || !readElement(bytes, e.contentAt, e.end, e) || e.tag !== DER.INTEGER || !readElement(bytes, e.end, bytes.length, e)) throw new Fault('protocol', `${what} cannot be read`);
  return { tag: e.tag, bytes, at: e.contentAt, end: e.end };
}

function checkResult(what: string, m: { bytes: Uint8Array; at: number; end: number }): void {
  const e = new DerElement();
  if (!readElement(m.bytes, m.at, m.end, e) || e.tag !== 0x0a) throw new Fault('protocol', `${what} has no result`);
  const code = m.bytes[e.contentAt];
  if (code !== 0) throw new Fault('content', `${what}: ${RESULTS[code] ?? `result ${code}`}`);
}

/** Every text of an entry, in order: attribute names and their values. */
function textsOf(bytes: Uint8Array, from: number, end: number, depth = 0): string[] {
  const out: string[] = [];
  const e = new DerElement();
  for (let at = from; at < end && depth < 6 && readElement(bytes, at, end, e); ) {
    const { tag, contentAt, end: next } = e;
    if ((tag & 0x20) !== 0) out.push(...textsOf(bytes, contentAt, next, depth + 1));
    else out.push(Buffer.from(bytes.subarray(contentAt, next)).toString('utf8'));
    at = next;
  }
  return out;
}

/** An LDAP server: StartTLS with the certificate and a search of its root, without a name (RFC 4511, RFC 4512 §5.1). */
export const ldap = defineProbe({
  name: 'ldap',
  title: 'LDAP root entry, StartTLS',
  options: z.strictObject({ ...serviceOptions(389), search: z.boolean().default(true).describe('Is the root entry searched? Some servers refuse it to strangers.') }),
  run: (ctx, target, o) => converse(ctx, target, o, async (c) => {
    if (o.tls === 'starttls') {
      c.send(message(1, berElement(0x77, berText(START_TLS, 0x80))));
      const answer = await nextMessage(c, 'the answer to StartTLS');
      if (answer.tag !== EXTENDED_RESPONSE) throw new Fault('protocol', 'the answer to StartTLS is of another kind');
      checkResult('the answer to StartTLS', answer);
      await c.secure(target.address, o);
    }
    if (o.search) {
      const wanted = ['namingContexts', 'supportedLDAPVersion', 'vendorName', 'vendorVersion'].map((a) => berText(a));
      // baseObject "", never dereferencing, one entry, (objectClass=*).
      c.send(message(2, berElement(0x63, berText(''), [0x0a, 1, 0], [0x0a, 1, 0], berInteger(1), berInteger(0), [0x01, 1, 0], berText('objectClass', 0x87), berElement(0x30, ...wanted))));
      let texts: string[] = [];
      for (;;) {
        const answer = await nextMessage(c, 'the root entry');
        if (answer.tag === SEARCH_ENTRY) texts = textsOf(answer.bytes, answer.at, answer.end);
        else if (answer.tag === SEARCH_DONE) {
          checkResult('the search', answer);
          break;
        }
      }
      c.greeted(texts.filter((t) => t !== '').join(' '), o.expect);
    }
    // unbindRequest
    c.send(message(3, new Uint8Array([0x42, 0])));
  }),
});
export default ldap;
