import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';
import { acseFields as F } from './acse-fields.ts';
import type { BerMember } from './ber-walk.ts';
import { INTEGER, OCTETS, call, explicit, implicit, listOf, sequence, walkBer } from './ber-walk.ts';

// The module of ISO 8650-1 annex, as tables: association request and response, release, abort.

const EXTERNAL = 0x28;

/** Values of the user: MMS where nobody says otherwise. */
const association = sequence([
  implicit(0x06, F.directReference, OCTETS), implicit(0x02, F.indirectReference, INTEGER), { tag: 0xa0, field: undefined, type: call(callValue), explicit: false, index: 0 },
]);
const userInformation = { tag: 0xbe, field: F.userInformation, type: listOf(implicit(EXTERNAL, F.eXTERNALtElement, association)), explicit: false, index: 30 };

function callValue(p: PacketView, at: number, end: number): void {
  p.putInt(F.encoding, at, 0, 0);
  if (p.call(p.id('mms'), at, end) === DECLINE) p.call(p.id('data'), at, end);
}

const request = sequence([implicit(0x80, F.protocolVersion, call(() => undefined)), explicit(1, F.aSOContextName, OCTETS), userInformation]);
const response = sequence([implicit(0x80, F.protocolVersion, call(() => undefined)), explicit(1, F.aSOContextName, OCTETS), explicit(2, F.result, INTEGER), userInformation]);
const release = sequence([implicit(0x80, F.reason, INTEGER), userInformation]);
const abort = sequence([implicit(0x80, F.abortSource, INTEGER), userInformation]);
const PDUS: readonly BerMember[] = [
  implicit(0x60, F.aarqElement, request), implicit(0x61, F.aareElement, response), implicit(0x62, F.rlrqElement, release), implicit(0x63, F.rlreElement, release),
  implicit(0x64, F.abrtElement, abort),
];

export function putAssociation(p: PacketView, at: number, end: number): boolean {
  return walkBer(p, PDUS, at, end);
}
