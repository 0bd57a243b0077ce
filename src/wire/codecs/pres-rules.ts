import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';
import type { BerMember } from './ber-walk.ts';
import { INTEGER, OCTETS, call, choice, explicit, implicit, listOf, sequence, walkBer } from './ber-walk.ts';
import { oidText } from './der.ts';
import { presFields as F } from './pres-fields.ts';

// The module of ISO 8823 annex, as tables: CP, CPA and user data.

const SET = 0x31;
const SEQUENCE = 0x30;
const OID = 0x06;
const INT = 0x02;
const USER_DATA = 0x61;
const ABSTRACT_SYNTAXES: Readonly<Record<string, string>> = { '2.2.1.0.1': 'acse', '1.0.9506.2.1': 'mms' };

/** The dissector of each presentation context of a conversation. */
interface PresTalk {
  readonly readers: Map<number, string>;
}
const create = (): PresTalk => ({ readers: new Map() });
const none = create();
const MAX_CONTEXTS = 64;

function talkOf(p: PacketView): PresTalk {
  return p.flow >= 0 ? p.trackers.state('pres', p.flow, create) : none;
}

/** The context at hand: its definition or its values follow. */
const context = { id: 0 };
const noteContext = call((p, at, end) => {
  p.putInt(F.presentationContextIdentifier, at, end - at, p.bytes[end - 1] ?? 0);
  context.id = p.bytes[end - 1] ?? 0;
});
const noteSyntax = call((p, at, end) => {
  const { readers } = talkOf(p);
  if (readers.size < MAX_CONTEXTS) readers.set(context.id, ABSTRACT_SYNTAXES[oidText(p.bytes, at, end)] ?? '');
});

const definition = sequence([implicit(INT, undefined, noteContext), implicit(OID, F.abstractSyntaxName, noteSyntax), implicit(SEQUENCE, F.transferSyntaxNameList, listOf(implicit(OID, F.transferSyntaxName, OCTETS)))]);
const result = sequence([implicit(0x80, F.result, INTEGER), implicit(0x81, F.transferSyntaxName, OCTETS)]);
const values = choice([implicit(0xa0, undefined, call(callValue)), implicit(0x81, F.octetAligned, call(callValue))]);
const pdv = sequence([implicit(OID, F.transferSyntaxName, OCTETS), implicit(INT, undefined, noteContext), implicit(-1, F.presentationDataValues, values)]);
const fully = implicit(USER_DATA, F.fullyEncodedData, listOf(implicit(SEQUENCE, F.pDVListElement, pdv)));
const userData = { ...fully, index: 1 };
const normal = sequence([
  implicit(0x81, F.callingPresentationSelector, OCTETS), implicit(0x82, F.calledPresentationSelector, OCTETS), implicit(0x83, F.respondingPresentationSelector, OCTETS),
  implicit(0xa4, F.presentationContextDefinitionList, listOf(implicit(SEQUENCE, F.contextListItemElement, definition))),
  implicit(0xa5, F.presentationContextDefinitionResultList, listOf(implicit(SEQUENCE, F.resultListItemElement, result))), implicit(-1, F.userData, choice([userData])),
]);
const mode = sequence([explicit(0, F.modeSelectorElement, sequence([])), { tag: 0xa2, field: F.normalModeParametersElement, type: normal, explicit: false, index: 2 }]);
const CONNECT: readonly BerMember[] = [{ tag: SET, field: undefined, type: mode, explicit: false, index: 0 }];
const DATA: readonly BerMember[] = [userData];

/** The value of a context: its protocol reads it, where the association was seen. */
function callValue(p: PacketView, at: number, end: number): void {
  const id = p.id(talkOf(p).readers.get(context.id) ?? '');
  if (id > 0 && p.call(id, at, end) === DECLINE) p.call(p.id('data'), at, end);
}

/** Puts what a session's user data hold; false where it is no presentation PDU. */
export function putPresentation(p: PacketView, at: number, end: number): boolean {
  const tag = p.bytes[at];
  if (tag === USER_DATA) {
    p.putInt(F.userData, at, 0, 1);
    return walkBer(p, DATA, at, end);
  }
  return tag === SET && walkBer(p, CONNECT, at, end);
}
