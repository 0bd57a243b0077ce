import type { PacketView } from '../packet-view.ts';
import { integer } from './ber-walk.ts';
import { ldapFields as F } from './ldap-fields.ts';
import { putLdapMessage } from './ldap-rules.ts';

export const OPERATIONS = {
  0: 'bindRequest', 1: 'bindResponse', 2: 'unbindRequest', 3: 'searchRequest', 4: 'searchResEntry', 5: 'searchResDone', 6: 'modifyRequest', 7: 'modifyResponse',
  8: 'addRequest', 9: 'addResponse', 10: 'delRequest', 11: 'delResponse', 12: 'modDNRequest', 13: 'modDNResponse', 14: 'compareRequest', 15: 'compareResponse',
  16: 'abandonRequest', 19: 'searchResRef', 23: 'extendedReq', 24: 'extendedResp', 25: 'intermediateResponse',
} as const;

/** Responses, by operation. */
const ANSWERS: ReadonlySet<number> = new Set([1, 4, 5, 7, 9, 11, 13, 15, 19, 24, 25]);

interface LdapTalk {
  /** Frame and time of requests by message id; the newest are kept. */
  readonly asked: Map<number, { frame: number; seconds: number; nanoseconds: number }>;
}
const create = (): LdapTalk => ({ asked: new Map() });
const MAX_ASKED = 1024;

/** Puts one message, and pairs it with its request. False where it is none. */
export function putEnvelope(p: PacketView, at: number, content: number, end: number): boolean {
  p.put(F.lDAPMessageElement, at, end - at);
  const operation = putLdapMessage(p, content, end);
  if (operation < 0) return false;
  if (p.flow < 0) return true;
  const talk = p.trackers.state('ldap', p.flow, create);
  const id = integer(p.bytes, content + 2, content + 2 + p.bytes[content + 1]);
  if (ANSWERS.has(operation)) {
    const request = talk.asked.get(id);
    if (request !== undefined) {
      p.putInt(F.responseTo, at, 0, request.frame);
      p.putSince(F.time, request.seconds, request.nanoseconds);
    }
    return true;
  }
  if (talk.asked.size >= MAX_ASKED) {
    for (const oldest of talk.asked.keys()) {
      talk.asked.delete(oldest);
      break;
    }
  }
  talk.asked.set(id, { frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds });
  return true;
}
