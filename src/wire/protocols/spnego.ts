import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import type { BerMember } from '../codecs/ber-walk.ts';
import { INTEGER, OCTETS, call, explicit, implicit, listOf, sequence, walkBer } from '../codecs/ber-walk.ts';
import { oidText } from '../codecs/der.ts';
import { isNtlm, mechanismReader } from '../codecs/gss-mechanisms.ts';

const RESULTS = { 0: 'accept-completed', 1: 'accept-incomplete', 2: 'reject', 3: 'request-mic' } as const;

const F = defineFields({
  init: { name: 'spnego.negTokenInit_element', ...put('none', 'negTokenInit') },
  targ: { name: 'spnego.negTokenTarg_element', ...put('none', 'negTokenTarg') },
  mechType: { name: 'spnego.MechType', ...put('oid', 'MechType') },
  mechTypes: { name: 'spnego.mechTypes', ...put('u32', 'mechTypes') },
  reqFlags: { name: 'spnego.reqFlags', ...put('bytes', 'reqFlags') },
  mechToken: { name: 'spnego.mechToken', ...put('bytes', 'mechToken') },
  mic: { name: 'spnego.mechListMIC', ...put('bytes', 'mechListMIC') },
  hints: { name: 'spnego.negHints_element', ...put('none', 'negHints') },
  hintName: { name: 'spnego.hintName', ...put('string', 'hintName') },
  hintAddress: { name: 'spnego.hintAddress', ...put('bytes', 'hintAddress') },
  result: { name: 'spnego.negResult', ...put('u32', 'negResult', { values: RESULTS }) },
  supported: { name: 'spnego.supportedMech', ...put('oid', 'supportedMech') },
  response: { name: 'spnego.responseToken', ...put('bytes', 'responseToken') },
});

/** The mechanism that both sides settled on, by conversation: the first offered, or the one that the acceptor named. */
interface SpnegoTalk {
  mechanism: string;
  offered: boolean;
}
const create = (): SpnegoTalk => ({ mechanism: '', offered: false });
const none: SpnegoTalk = create();

function talkOf(p: PacketView): SpnegoTalk {
  return p.flow >= 0 ? p.trackers.state('spnego', p.flow, create) : none;
}

function noteMechanism(p: PacketView, at: number, end: number): void {
  const talk = talkOf(p);
  if (talk.offered) return;
  talk.offered = true;
  talk.mechanism = mechanismReader(oidText(p.bytes, at, end));
}

function noteSupported(p: PacketView, at: number, end: number): void {
  talkOf(p).mechanism = mechanismReader(oidText(p.bytes, at, end));
}

/** A token of the mechanism itself. */
function callToken(p: PacketView, at: number, end: number): void {
  if (end <= at) return;
  const reader = isNtlm(p.bytes, at, end) ? 'ntlmssp' : talkOf(p).mechanism;
  const id = p.id(reader);
  if (id > 0) p.call(id, at, end);
}

/** The signature over the list: NTLM and Kerberos have a form of their own for it. */
function callMic(p: PacketView, at: number, end: number): void {
  const { mechanism } = talkOf(p);
  if (mechanism === 'ntlmssp') p.call(p.id('ntlmssp.verf'), at, end);
  else if (mechanism !== '' && end > at) p.call(p.id(mechanism), at, end);
}

const hints = sequence([explicit(0, F.hintName, OCTETS), explicit(1, F.hintAddress, OCTETS)]);
const init = sequence([
  explicit(0, F.mechTypes, listOf(implicit(-1, F.mechType, call(noteMechanism)))), explicit(1, F.reqFlags, OCTETS), explicit(2, F.mechToken, call(callToken)),
  // negHints (MS-SPNG §2.2.1) where RFC 4178 has the MIC.
  explicit(3, undefined, call(readHintsOrMic)),
  explicit(4, F.mic, call(callMic)),
]);
const targ = sequence([
  explicit(0, F.result, INTEGER), explicit(1, F.supported, call(noteSupported)), explicit(2, F.response, call(callToken)), explicit(3, F.mic, call(callMic)),
]);

function readHintsOrMic(p: PacketView, at: number, end: number): void {
  if (p.bytes[at] === 0xa0 || p.bytes[at] === 0xa1) {
    p.put(F.hints, at, end - at);
    walkBer(p, HINTS, at, end);
  } else {
    p.put(F.mic, at, end - at);
    callMic(p, at, end);
  }
}
const HINTS: readonly BerMember[] = hints.members;
const TOKENS: readonly BerMember[] = [explicit(0, F.init, init), explicit(1, F.targ, targ)];

/** The negotiation of a security mechanism. */
export const spnego = defineDissector({
  name: 'spnego',
  title: 'Simple Protected Negotiation',
  spec: ['RFC 4178', 'MS-SPNG'],
  over: {},
  column: null,
  hierarchy: 'inside',
  fields: F,
  dissect(p, at, end) {
    const talk = talkOf(p);
    if (p.bytes[at] === 0xa0) talk.offered = false;
    walkBer(p, TOKENS, at, end);
    return DONE;
  },
});
export default spnego;
