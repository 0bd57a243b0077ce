import type { PacketView } from '../packet-view.ts';
import type { BerMember, BerType } from './ber-walk.ts';
import { INTEGER, NULL, OCTETS, bits, choice, explicit, implicit, listOf, ordered, sequence, walkBer } from './ber-walk.ts';
import { mmsFields as F, mmsGroups as G } from './mms-fields.ts';

// The module of ISO 9506-2, as far as people filter on it: PDUs, services, names of variables.

/** domain-specific holds two texts of one tag: the domain, then the item. */
const domainSpecific = ordered([implicit(0x1a, F.domainId, OCTETS), implicit(0x1a, F.itemId, OCTETS)]);
const names: readonly BerMember[] = [implicit(0x80, F.vmdSpecific, OCTETS), implicit(0xa1, F.domainSpecificElement, domainSpecific), implicit(0x82, F.aaSpecific, OCTETS)];
const name = choice(names);
const variables = listOf(implicit(0x30, F.listOfVariableItemElement, sequence([implicit(-1, F.variableSpecification, choice([explicit(0, F.name, name)]))])));
const access = choice([implicit(0xa0, F.listOfVariable, variables), explicit(1, F.variableListName, name)]);
const read = sequence([implicit(0x80, F.specificationWithResult, OCTETS), explicit(1, F.variableAccessSpecificatn, access)]);
const getNameList = sequence([
  explicit(0, F.extendedObjectClass, choice([implicit(0x80, F.objectClass, INTEGER)])), explicit(1, F.objectScope, choice([
    implicit(0x80, F.vmdSpecificElement, NULL), implicit(0x81, F.domainSpecific, OCTETS), implicit(0x82, F.aaSpecificElement, NULL),
  ])), implicit(0x82, F.continueAfter, OCTETS),
]);
const nameListAnswer = sequence([implicit(0xa0, F.listOfIdentifier, listOf(implicit(0x1a, F.identifier, OCTETS))), implicit(0x81, F.moreFollows, OCTETS)]);
const service = (n: number, field: BerMember['field'], type: BerType): BerMember => ({ tag: 0xa0 + n, field, type, explicit: false, index: n });
/** Services that are only numbered here: any tag of that number. */
const others: readonly BerMember[] = Array.from({ length: 31 }, (_, n) => n).flatMap((n) => [service(n, undefined, sequence([])), { tag: 0x80 + n, field: undefined, type: OCTETS, explicit: false, index: n }]);
const write = sequence([implicit(-1, F.variableAccessSpecificatn, access)]);
const requests = choice([
  service(1, F.getNameListElement, getNameList), service(4, F.readElement, read), service(5, F.writeElement, write), explicit(6, F.getVariableAccessAttributes, choice([explicit(0, F.name, name)])), ...others,
]);
const answers = choice([service(1, F.getNameListElement, nameListAnswer), ...others]);
const INT = 0x02;
const initiateDetail = (isRequest: boolean): BerType => sequence(isRequest
  ? [implicit(0x80, F.proposedVersionNumber, INTEGER), implicit(0x81, F.proposedParameterCBB, bits(G.parameterSupport)), implicit(0x82, F.servicesSupportedCalling, bits(G.serviceSupport))]
  : [implicit(0x80, F.negociatedVersionNumber, INTEGER), implicit(0x81, F.negociatedParameterCBB, bits(G.parameterSupport)), implicit(0x82, F.servicesSupportedCalled, bits(G.serviceSupport))]);
const PDUS: readonly BerMember[] = [
  implicit(0xa0, F.confirmedRequestPDUElement, sequence([implicit(INT, F.invokeID, INTEGER), implicit(-1, F.confirmedServiceRequest, requests)])),
  implicit(0xa1, F.confirmedResponsePDUElement, sequence([implicit(INT, F.invokeID, INTEGER), implicit(-1, F.confirmedServiceResponse, answers)])),
  implicit(0xa2, F.confirmedErrorPDUElement, sequence([implicit(0x80, F.invokeID, INTEGER)])),
  implicit(0xa3, F.unconfirmedPDUElement, sequence([implicit(-1, F.unconfirmedService, choice([service(0, F.informationReportElement, sequence([]))]))])),
  implicit(0xa4, F.rejectPDUElement, sequence([])),
  implicit(0xa8, F.initiateRequestPDUElement, sequence([
    implicit(0x80, F.localDetailCalling, INTEGER), implicit(0x81, F.proposedMaxServOutstandingCalling, INTEGER), implicit(0x82, F.proposedMaxServOutstandingCalled, INTEGER),
    implicit(0x83, F.proposedDataStructureNestingLevel, INTEGER), implicit(0xa4, F.mmsInitRequestDetailElement, initiateDetail(true)),
  ])),
  implicit(0xa9, F.initiateResponsePDUElement, sequence([
    implicit(0x80, F.localDetailCalled, INTEGER), implicit(0x81, F.negociatedMaxServOutstandingCalling, INTEGER), implicit(0x82, F.negociatedMaxServOutstandingCalled, INTEGER),
    implicit(0x83, F.negociatedDataStructureNestingLevel, INTEGER), implicit(0xa4, F.mmsInitResponseDetailElement, initiateDetail(false)),
  ])),
  implicit(0x8b, F.concludeRequestPDUElement, NULL), implicit(0x8c, F.concludeResponsePDUElement, NULL),
];
/** Puts an MMS PDU; false where it is none that is known. */
export function putMms(p: PacketView, at: number, end: number): boolean {
  return walkBer(p, PDUS, at, end);
}
