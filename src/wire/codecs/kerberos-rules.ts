import type { Field } from '../../filter/field.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import type { BerMember, BerType } from './ber-walk.ts';
import { INTEGER, OCTETS, TIME, bits, call, explicit, implicit, listOf, sequence, walkBer } from './ber-walk.ts';
import { kerberosFields as F, kerberosGroups as G } from './kerberos-fields.ts';

// The module of RFC 4120 appendix A, as tables.

const any = (field: Field | undefined, type: BerType): BerMember => implicit(-1, field, type);
const SEQUENCE = 0x30;

const clientName = sequence([explicit(0, F.nameType, INTEGER), explicit(1, F.cnameString, listOf(any(F.cNameString, OCTETS)))]);
const serverName = sequence([explicit(0, F.nameType, INTEGER), explicit(1, F.snameString, listOf(any(F.sNameString, OCTETS)))]);
const encrypted = sequence([explicit(0, F.etype, INTEGER), explicit(1, F.kvno, INTEGER), explicit(2, F.cipher, OCTETS)]);
const ticketBody = sequence([
  explicit(0, F.tktVno, INTEGER), explicit(1, F.realm, OCTETS), explicit(2, F.snameElement, serverName), explicit(3, F.encPartElement, encrypted),
]);
/** `[APPLICATION 1] SEQUENCE`: the tag wraps the sequence. */
const ticket = (field: Field | undefined): BerType => sequence([implicit(SEQUENCE, field, ticketBody)]);
const addressType = { value: 0 };
const addresses = listOf(implicit(SEQUENCE, F.hostAddressElement, sequence([
  explicit(0, F.addrType, call((p, at, end) => void (addressType.value = end > at ? p.bytes[end - 1] : 0))),
  explicit(1, undefined, call(putAddress)),
])));

const NETBIOS_ADDRESS = 20;
const IPV4_ADDRESS = 2;
const IPV6_ADDRESS = 24;

function putAddress(p: PacketView, at: number, end: number): void {
  if (addressType.value === IPV4_ADDRESS && end - at === 4) p.put(F.addrIp, at, 4);
  else if (addressType.value === IPV6_ADDRESS && end - at === 16) p.put(F.addrIpv6, at, 16);
  else if (addressType.value === NETBIOS_ADDRESS && end - at === 16) {
    if (p.wants(F.addrNb)) p.putText(F.addrNb, at, 15, p.host.latin1(p.bytes, at, at + 15).trimEnd());
  } else p.put(F.address, at, end - at);
}

const apReq: BerType = sequence([
  explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(2, F.apOptions, bits(G.aPOptions)),
  explicit(3, F.ticketElement, ticket(undefined)), explicit(4, F.authenticatorElement, encrypted),
]);
const apRep: BerType = sequence([explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(2, F.encPartElement, encrypted)]);

const PA = { TGS_REQ: 1, ENC_TIMESTAMP: 2, PW_SALT: 3, ETYPE_INFO: 11, ETYPE_INFO2: 19, PAC_REQUEST: 128, FX_FAST: 136, ENCRYPTED_CHALLENGE: 138, PAC_OPTIONS: 167 } as const;
const AS_REP = 11;
const TGS_REP = 13;
const KRB_ERROR = 30;
/** The armour of a reply has another shape than a request's (RFC 6113 §5.4). */
let isReply = false;

const padataType = { value: 0 };
const padataEntry = sequence([
  explicit(1, F.padataType, call((p, at, end) => {
    padataType.value = end - at === 1 ? p.bytes[at] : end - at === 2 ? p.bytes[at] * 256 + p.bytes[at + 1] : 0;
  })),
  explicit(2, F.padataValue, call(putPadata)),
]);
const padata = listOf(implicit(SEQUENCE, F.pADATAElement, padataEntry));
const etypeInfo = listOf(implicit(SEQUENCE, F.eTYPEINFOENTRYElement, sequence([explicit(0, F.etype, INTEGER), explicit(1, F.infoSalt, OCTETS)])));
const etypeInfo2 = listOf(implicit(SEQUENCE, F.eTYPEINFO2ENTRYElement, sequence([
  explicit(0, F.etype, INTEGER), explicit(1, F.info2Salt, OCTETS), explicit(2, F.s2kparams, OCTETS),
])));
const armored = sequence([
  explicit(0, F.armorElement, sequence([explicit(0, F.armorType, INTEGER), explicit(1, F.armorValue, call((p, at, end) => void walkBer(p, MESSAGES, at, end)))])),
  explicit(1, F.reqChecksumElement, sequence([explicit(0, F.cksumtype, INTEGER), explicit(1, F.checksum, OCTETS)])),
  explicit(2, F.encFastReqElement, encrypted),
]);
const armoredReply = sequence([explicit(0, F.encFastRepElement, encrypted)]);
const fast: readonly BerMember[] = [explicit(0, F.armoredDataElement, armored)];
const fastReply: readonly BerMember[] = [explicit(0, F.armoredDataElement, armoredReply)];

/** Values of pre-authentication data, by type (RFC 4120 §7.5.2, RFC 6113). */
function putPadata(p: PacketView, at: number, end: number): void {
  switch (padataType.value) {
    case PA.TGS_REQ: walkBer(p, MESSAGES, at, end); return;
    case PA.ENC_TIMESTAMP: case PA.ENCRYPTED_CHALLENGE: walkBer(p, ENCRYPTED, at, end); return;
    case PA.PW_SALT: p.put(F.pwSalt, at, end - at); return;
    case PA.ETYPE_INFO: walkBer(p, ETYPE_INFO, at, end); return;
    case PA.ETYPE_INFO2: walkBer(p, ETYPE_INFO2, at, end); return;
    case PA.PAC_REQUEST: walkBer(p, PAC_REQUEST, at, end); return;
    case PA.PAC_OPTIONS: walkBer(p, PAC_OPTIONS, at, end); return;
    case PA.FX_FAST: walkBer(p, isReply ? fastReply : fast, at, end); return;
  }
}

const ENCRYPTED: readonly BerMember[] = [implicit(SEQUENCE, undefined, encrypted)];
const ETYPE_INFO: readonly BerMember[] = [implicit(SEQUENCE, undefined, etypeInfo)];
const ETYPE_INFO2: readonly BerMember[] = [implicit(SEQUENCE, undefined, etypeInfo2)];
const PAC_REQUEST: readonly BerMember[] = [implicit(SEQUENCE, undefined, sequence([explicit(0, F.includePac, OCTETS)]))];
const PAC_OPTIONS: readonly BerMember[] = [implicit(SEQUENCE, undefined, sequence([explicit(0, F.flags, bits(G.pacOptions))]))];

const requestBody = sequence([
  explicit(0, F.kdcOptions, bits(G.kDCOptions)), explicit(1, F.cnameElement, clientName), explicit(2, F.realm, OCTETS), explicit(3, F.snameElement, serverName),
  explicit(4, F.from, TIME), explicit(5, F.till, TIME), explicit(6, F.rtime, TIME), explicit(7, F.nonce, INTEGER),
  explicit(8, F.kdcReqBodyEtype, listOf(any(F.eNCTYPE, INTEGER))), explicit(9, F.addresses, addresses),
  explicit(10, F.encAuthorizationDataElement, encrypted), explicit(11, F.additionalTickets, listOf(implicit(0x61, F.ticketElement_2, ticket(undefined)))),
]);
const request = sequence([explicit(1, F.pvno, INTEGER), explicit(2, F.msgType, INTEGER), explicit(3, F.padata, padata), explicit(4, F.reqBodyElement, requestBody)]);
const reply = sequence([
  explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(2, F.padata, padata), explicit(3, F.crealm, OCTETS), explicit(4, F.cnameElement, clientName),
  explicit(5, F.ticketElement, ticket(undefined)), explicit(6, F.encPartElement, encrypted),
]);

const errorCode = { value: 0 };
const METHOD_DATA: readonly BerMember[] = [implicit(SEQUENCE, undefined, listOf(implicit(SEQUENCE, F.pADATAElement, padataEntry)))];
const PREAUTH_FAILED = 24;
const PREAUTH_REQUIRED = 25;
const error = sequence([
  explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(2, F.ctime, TIME), explicit(3, F.cusec, INTEGER), explicit(4, F.stime, TIME),
  explicit(5, F.susec, INTEGER), explicit(6, F.errorCode, call((p, at, end) => void (errorCode.value = end > at ? p.bytes[end - 1] : 0))), explicit(7, F.crealm, OCTETS),
  explicit(8, F.cnameElement, clientName), explicit(9, F.realm, OCTETS), explicit(10, F.snameElement, serverName), explicit(11, F.eText, OCTETS),
  explicit(12, F.eData, call((p, at, end) => {
    if (errorCode.value === PREAUTH_REQUIRED || errorCode.value === PREAUTH_FAILED) walkBer(p, METHOD_DATA, at, end);
  })),
]);
const priv = sequence([explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(3, F.encPartElement, encrypted)]);
const cred = sequence([
  explicit(0, F.pvno, INTEGER), explicit(1, F.msgType, INTEGER), explicit(2, F.tickets, listOf(implicit(0x61, F.ticketElement_2, ticket(undefined)))),
  explicit(3, F.encPartElement, encrypted),
]);

const message = (number: number, field: Field, body: BerType): BerMember => ({ tag: 0x60 + number, field, type: body, explicit: true, index: number });

/** Messages by their application tag (RFC 4120 §5.10). */
export const MESSAGES: readonly BerMember[] = [
  message(10, F.asReqElement, request), message(11, F.asRepElement, reply), message(12, F.tgsReqElement, request), message(13, F.tgsRepElement, reply),
  message(14, F.apReqElement, apReq), message(15, F.apRepElement, apRep), message(21, F.krbPrivElement, priv), message(22, F.krbCredElement, cred),
  message(30, F.krbErrorElement, error),
];

/** The protocol's own field, for messages that stand inside other protocols' tokens. */
export const kerberosSelf = defineFields({ self: { name: 'kerberos', ...put('protocol', 'Kerberos') } });

/** Puts a Kerberos message; false where `[at, end)` does not begin one. */
export function putKerberos(p: PacketView, at: number, end: number): boolean {
  const number = p.bytes[at] & 0x1f;
  // Within a token of GSS-API no layer says it.
  p.put(kerberosSelf.self, at, end - at);
  isReply = number === AS_REP || number === TGS_REP || number === KRB_ERROR;
  return walkBer(p, MESSAGES, at, end);
}
