import * as bytes from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { dnsFields as F } from './dns-fields.ts';
import * as dnsMessage from './dns-message.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be } = bytes;
const { AT_FLAGS, AT_ID, QR } = dnsMessage;

/** A question repeated within this time and unanswered is a retransmission; later it is a new question. */
const RETRANSMISSION_SECONDS = 5;

/**
 * Pairs query and response of one conversation by id and puts what follows from it (`dns.response_to`, `dns.time`). One pass: a
 * response knows its query, a query not its response.
 */
export function putDnsPairing(p: PacketView, message: number): void {
  const isResponse = (u16be(p.bytes, message + AT_FLAGS) & QR) !== 0;
  // What an ICMP error quotes is no part of a conversation.
  if (p.quoted) {
    if (isResponse) p.putInt(F.unsolicited, message, 0, 1);
    return;
  }
  if (p.flow < 0) return;
  const { pending } = p.trackers;
  const kind = p.id('dns');
  const id = u16be(p.bytes, message + AT_ID);
  const i = pending.find(kind, p.flow, id);
  if (!isResponse) {
    if (i >= 0 && pending.extra[i] === 0 && pending.frame[i] !== p.frame && p.seconds - pending.seconds[i] < RETRANSMISSION_SECONDS) {
      p.putInt(F.retransmission, message, 0, 1);
      p.putInt(F.retransmitRequestIn, message, 0, pending.frame[i]);
      p.expert('warn', 'protocol', 'dns.retransmit_request', message, 0);
      return;
    }
    pending.ask(kind, p.flow, id, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  if (i < 0) {
    p.putInt(F.unsolicited, message, 0, 1);
    return;
  }
  if (pending.extra[i] === 0) pending.extra[i] = p.frame;
  else if (pending.extra[i] !== p.frame) {
    p.putInt(F.retransmission, message, 0, 1);
    p.putInt(F.retransmitResponseIn, message, 0, pending.extra[i]);
    p.expert('warn', 'protocol', 'dns.retransmit_response', message, 0);
    return;
  }
  p.putInt(F.responseTo, message, 0, pending.frame[i]);
  p.putSince(F.time, pending.seconds[i], pending.nanos[i]);
}
