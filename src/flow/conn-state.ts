import type { ConnState } from '../model/index.ts';
import { ESTABLISHED, HAS_CLOSED, HAS_RESET, INACTIVE, PARTIAL, SYN_ACK_SENT, SYN_SENT } from './tcp-state.ts';

/** Zeek's `conn_state` of a TCP connection from the states of both sides; the first rule that fits. `moved` = payload was sent. */
export function tcpConnState(originator: number, responder: number, moved: boolean, history: string): ConnState {
  if (responder === HAS_RESET) {
    if (originator === SYN_SENT || originator === SYN_ACK_SENT || (originator === HAS_RESET && !moved)) return 'REJ';
    return originator === INACTIVE || originator === PARTIAL ? 'RSTRH' : 'RSTR';
  }
  if (originator === HAS_RESET) {
    if (responder !== INACTIVE && responder !== SYN_SENT && responder !== PARTIAL) return 'RSTO';
    return /^\^?S[^HAFGIQ]*R/.test(history) ? 'RSTOS0' : 'OTH';
  }
  if (originator === HAS_CLOSED && responder === HAS_CLOSED) return 'SF';
  if (originator === HAS_CLOSED) return responder === INACTIVE ? 'SH' : 'S2';
  if (responder === HAS_CLOSED) return originator === INACTIVE ? 'SHR' : 'S3';
  if (originator === SYN_SENT && responder === INACTIVE) return 'S0';
  return originator === ESTABLISHED && responder === ESTABLISHED ? 'S1' : 'OTH';
}

/** The same for UDP: who sent at all. */
export function udpConnState(originatorSent: boolean, responderSent: boolean): ConnState {
  if (originatorSent) return responderSent ? 'SF' : 'S0';
  return responderSent ? 'SHR' : 'OTH';
}
