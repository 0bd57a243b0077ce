import type { PacketView } from '../packet-view.ts';
import type { BerMember, BerType } from './ber-walk.ts';
import { INTEGER, NULL, OCTETS, call, choice, explicit, implicit, listOf, ordered, sequence, walkBer } from './ber-walk.ts';
import { DerElement, readElement } from './der.ts';
import { putGssToken } from './gss-token.ts';
import { ldapFields as F } from './ldap-fields.ts';
import { putNetlogon, putNtVersion } from './mscldap.ts';
import { putSid } from './windows-values.ts';

// The module of RFC 4511 appendix B, as tables.

const BOOLEAN = 0x01;
const INT = 0x02;
const OCTET_STRING = 0x04;
const ENUMERATED = 0x0a;
const SEQUENCE = 0x30;
const SET = 0x31;
const octets = (field: BerMember['field']): BerMember => implicit(OCTET_STRING, field, OCTETS);
/** A constructed context tag in place of SEQUENCE or SET. */
const tagged = (n: number, field: BerMember['field'], type: BerType): BerMember => implicit(0xa0 + n, field, type);
const primitive = (n: number, field: BerMember['field']): BerMember => implicit(0x80 + n, field, OCTETS);
const credentialsOf = (p: PacketView, at: number, end: number): void => {
  if (end > at && mechanism.kerberosOrNtlm) putToken(p, at, end);
};
/** Whether the bind at hand speaks a mechanism of GSS-API. */
const mechanism = { kerberosOrNtlm: false };
const GSS_MECHANISMS: ReadonlySet<string> = new Set(['GSS-SPNEGO', 'GSSAPI']);

function putToken(p: PacketView, at: number, end: number): void {
  if (p.bytes[at] === 0xa1) p.call(p.id('spnego'), at, end);
  else if (p.bytes[at] === 0x60 || p.bytes[at] === 0x4e) p.call(p.id('gss-api'), at, end);
  else putGssToken(p, at, end);
}

const sasl = ordered([
  implicit(OCTET_STRING, F.mechanism, call((p, at, end) => {
    mechanism.kerberosOrNtlm = GSS_MECHANISMS.has(p.host.latin1(p.bytes, at, end));
  })),
  implicit(OCTET_STRING, F.credentials, call(credentialsOf)),
]);

const resultMembers = [implicit(ENUMERATED, F.resultCode, INTEGER), octets(F.matchedDN), octets(F.errorMessage), tagged(3, F.referral, listOf(octets(F.lDAPURL)))];
const result = ordered(resultMembers);
const element = (n: number, field: BerMember['field'], type: BerType): BerMember => implicit(0x60 + n, field, type);

const filters: BerMember[] = [];
const filter: BerType = choice(filters);
const attributeDesc = implicit(OCTET_STRING, F.attributeDesc, call(noteAttribute));
const assertion = ordered([attributeDesc, implicit(OCTET_STRING, undefined, call(putAssertion))]);
filters.push(
  tagged(0, F.and, listOf(implicit(-1, F.andItem, filter))), tagged(1, F.or, listOf(implicit(-1, F.orItem, filter))), explicit(2, F.not, filter),
  tagged(3, F.equalityMatchElement, assertion),
  tagged(4, F.substringsElement, ordered([
    octets(F.type), implicit(SEQUENCE, F.substrings, listOf(implicit(-1, F.substringsItem, choice([primitive(0, F.initial), primitive(1, F.any), primitive(2, F.final)])))),
  ])),
  tagged(5, F.greaterOrEqualElement, assertion), tagged(6, F.lessOrEqualElement, assertion), primitive(7, F.present), tagged(8, F.approxMatchElement, assertion),
  tagged(9, F.extensibleMatchElement, sequence([primitive(1, F.matchingRule), primitive(2, F.type), primitive(3, F.matchValue), primitive(4, F.dnAttributes)])),
);

/** The attribute before the value at hand. */
const lastAttribute = { name: '', rawName: '' };

function noteAttribute(p: PacketView, at: number, end: number): void {
  lastAttribute.rawName = p.host.latin1(p.bytes, at, end);
  lastAttribute.name = lastAttribute.rawName.toLowerCase();
}

/** Attributes whose values are object identifiers. */
const OID_ATTRIBUTES: ReadonlySet<string> = new Set(['supportedcontrol', 'supportedextension', 'supportedfeatures', 'supportedcapabilities']);

/** Attributes whose values have a form of their own. True where it was put. */
function putSpecial(p: PacketView, at: number, end: number): boolean {
  const { name, rawName } = lastAttribute;
  if (OID_ATTRIBUTES.has(name)) p.put(F.oid, at, end - at);
  else if ((name === 'objectguid' || name === 'domainguid') && end - at === 16) p.put(F.guid, at, 16);
  else if ((name === 'objectsid' || name === 'domainsid') && end - at >= 8) putSid(p, F.sid, at, end);
  else if (name === 'ntver' && end - at === 4) putNtVersion(p, at);
  else if (rawName === 'netlogon' && end - at >= 24) putNetlogon(p, at, end);
  else return false;
  return true;
}

function putAssertion(p: PacketView, at: number, end: number): void {
  if (lastAttribute.name === 'domainsid' && end - at >= 8) putSid(p, F.assertionValue, at, end);
  else if (!putSpecial(p, at, end)) p.put(F.assertionValue, at, end - at);
}

function putValue(p: PacketView, at: number, end: number): void {
  if (!putSpecial(p, at, end)) p.put(F.attributeValue, at, end - at);
}

const values = listOf(implicit(OCTET_STRING, undefined, call(putValue)));
const attributeType = implicit(OCTET_STRING, F.type, call(noteAttribute));
const partialAttribute = ordered([attributeType, implicit(SET, F.vals, values)]);
const attributeList = ordered([octets(F.entry), implicit(SEQUENCE, F.attributes, listOf(implicit(SEQUENCE, F.attributeListItemElement, partialAttribute)))]);

const authentication = choice([
  primitive(0, F.simple), tagged(3, F.saslElement, sasl), implicit(0x8a, F.ntlmsspNegotiate, call(putNtlm)), implicit(0x8b, F.ntlmsspAuth, call(putNtlm)),
]);

/** NTLM without SASL (MS-ADTS §5.1.1.1.3). */
function putNtlm(p: PacketView, at: number, end: number): void {
  p.call(p.id('ntlmssp'), at, end);
}

const operations: readonly BerMember[] = [
  element(0, F.bindRequestElement, ordered([implicit(INT, F.version, INTEGER), octets(F.name), implicit(-1, F.authentication, authentication)])),
  element(1, F.bindResponseElement, ordered([...resultMembers, implicit(0x87, F.serverSaslCreds, call((p, at, end) => {
    if (end > at) putToken(p, at, end);
  }))])),
  { ...implicit(0x42, F.unbindRequestElement, NULL), index: 2 },
  element(3, F.searchRequestElement, ordered([
    octets(F.baseObject), implicit(ENUMERATED, F.scope, INTEGER), implicit(ENUMERATED, F.derefAliases, INTEGER), implicit(INT, F.sizeLimit, INTEGER),
    implicit(INT, F.timeLimit, INTEGER), implicit(BOOLEAN, F.typesOnly, OCTETS), implicit(-1, F.filter, filter),
    implicit(SEQUENCE, F.attributes, listOf(octets(F.attributeDescription))),
  ])),
  element(4, F.searchResEntryElement, ordered([octets(F.objectName), implicit(SEQUENCE, F.attributes, listOf(implicit(SEQUENCE, F.partialAttributeListItemElement, partialAttribute)))])),
  element(5, F.searchResDoneElement, result),
  element(6, F.modifyRequestElement, ordered([octets(F.object), implicit(SEQUENCE, F.modification, listOf(implicit(SEQUENCE, F.modificationItemElement, ordered([
    implicit(ENUMERATED, F.operation, INTEGER), implicit(SEQUENCE, F.modificationElement, partialAttribute),
  ]))))])),
  element(7, F.modifyResponseElement, result), element(8, F.addRequestElement, attributeList), element(9, F.addResponseElement, result),
  { ...implicit(0x4a, F.delRequest, OCTETS), index: 10 }, element(11, F.delResponseElement, result),
  element(12, F.modDNRequestElement, ordered([octets(F.entry), octets(F.newrdn), implicit(BOOLEAN, F.deleteoldrdn, OCTETS), primitive(0, F.newSuperior)])),
  element(13, F.modDNResponseElement, result), element(14, F.compareRequestElement, ordered([octets(F.entry), implicit(SEQUENCE, F.avaElement, assertion)])),
  element(15, F.compareResponseElement, result), { ...implicit(0x50, F.abandonRequest, INTEGER), index: 16 },
  element(19, F.searchResRef, listOf(octets(F.lDAPURL))),
  element(23, F.extendedReqElement, ordered([primitive(0, F.requestName), primitive(1, F.requestValue)])),
  element(24, F.extendedRespElement, ordered([...resultMembers, implicit(0x8a, F.responseName, OCTETS), implicit(0x8b, F.responseValue, OCTETS)])),
  element(25, F.intermediateResponseElement, ordered([primitive(0, F.responseName), primitive(1, F.responseValue)])),
];

const PAGED_RESULTS = '1.2.840.113556.1.4.319';
const SEARCH_CONTROL: readonly BerMember[] = [implicit(SEQUENCE, F.searchControlValueElement, ordered([implicit(INT, F.size, INTEGER), octets(F.cookie)]))];
const controlType = { oid: '' };
const control = ordered([
  implicit(OCTET_STRING, F.controlType, call((p, at, end) => void (controlType.oid = p.host.latin1(p.bytes, at, end)))), implicit(BOOLEAN, F.criticality, OCTETS),
  implicit(OCTET_STRING, undefined, call((p, at, end) => {
    if (controlType.oid === PAGED_RESULTS) walkBer(p, SEARCH_CONTROL, at, end);
    else p.put(F.controlValue, at, end - at);
  })),
]);
const controls: readonly BerMember[] = [tagged(0, F.controls, listOf(implicit(SEQUENCE, F.controlElement, control)))];

const MESSAGE_ID: readonly BerMember[] = [implicit(INT, F.messageID, INTEGER)];
const e = new DerElement();

/** Puts the message whose envelope's content is `[at, end)`; returns its operation, -1 = none that is known. */
export function putLdapMessage(p: PacketView, at: number, end: number): number {
  if (!readElement(p.bytes, at, end, e) || e.tag !== INT) return -1;
  walkBer(p, MESSAGE_ID, at, end);
  const op = e.end;
  if (!readElement(p.bytes, op, end, e)) return -1;
  const number = e.tag & 0x1f;
  if ((e.tag & 0xc0) !== 0x40) return -1;
  p.putInt(F.protocolOp, op, e.end - op, number);
  const rest = e.end;
  walkBer(p, operations, op, end);
  if (rest < end) walkBer(p, controls, rest, end);
  return number;
}
