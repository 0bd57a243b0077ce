import { u16be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { isakmpFields as F } from './isakmp-fields.ts';
import { putPayloadHead, putProposals } from './isakmp-proposal.ts';

const MAX_PAYLOADS = 256;

// Payload types: version 1 below 32 (RFC 2408 §3.1), version 2 from 33 on (RFC 7296 §3.2).
const SA = 1;
const KE = 4;
const ID = 5;
const CERT = 6;
const CERT_REQUEST = 7;
const HASH = 8;
const SIGNATURE = 9;
const NONCE = 10;
const NOTIFY = 11;
const DELETE = 12;
const VENDOR = 13;
const NAT_DETECTION = 20;
const NAT_DETECTION_DRAFT = 130;
const SA_V2 = 33;
const KE_V2 = 34;
const ID_INITIATOR = 35;
const ID_RESPONDER = 36;
const CERT_V2 = 37;
const CERT_REQUEST_V2 = 38;
const AUTH_V2 = 39;
const NONCE_V2 = 40;
const NOTIFY_V2 = 41;
const DELETE_V2 = 42;
const VENDOR_V2 = 43;
const SELECTORS_INITIATOR = 44;
const SELECTORS_RESPONDER = 45;
const ENCRYPTED = 46;
const CONFIGURATION = 47;
const EAP = 48;
const FRAGMENT = 53;

const NAT_SOURCE = 16388;
const NAT_DESTINATION = 16389;

const SITUATION = layout({ 4: F.saDoi, 8: [[F.saSituation, 4], F.saSituationIdentityOnly, F.saSituationSecrecy, F.saSituationIntegrity] });
const IDENTITY = layout({ 4: F.idType, 5: F.idProtoid, 6: F.idPort });
const NOTIFY_V1_PART = layout({ 4: F.notifyDoi, 8: [[F.notifyProtoid, 1]], 9: F.spisize, 10: F.notifyMsgtype });
const NOTIFY_V2_PART = layout({ 4: [[F.notifyProtoid, 1]], 5: F.spisize, 6: F.notifyMsgtype });
const DELETE_V1_PART = layout({ 4: F.deleteDoi, 8: [[F.deleteProtoid, 1]], 9: F.spisize, 10: F.spinum });
const DELETE_V2_PART = layout({ 4: [[F.deleteProtoid, 1]], 5: F.spisize, 6: F.spinum });
const SELECTOR = layout({ 0: F.tsType, 1: F.tsProtoid, 2: F.tsSelectorLength, 4: F.tsStartPort, 6: F.tsEndPort });

/** Puts the chain of payloads that begins with `first`; false where one does not fit. */
export function putPayloads(p: PacketView, version: number, first: number, at: number, end: number): boolean {
  let type = first;
  let i = at;
  for (let n = 0; type !== 0 && i < end && n < MAX_PAYLOADS; n++) {
    const next = putPayloadHead(p, type, version, i, end);
    if (next < 0) return false;
    putBody(p, type, version, i, next);
    // What an encrypted payload says comes next lies inside it.
    if (type === ENCRYPTED || type === FRAGMENT) return true;
    type = p.bytes[i];
    i = next;
  }
  return true;
}

function putBody(p: PacketView, type: number, version: number, at: number, end: number): void {
  const body = at + 4;
  const size = end - body;
  if (size <= 0) return;
  switch (type) {
    case SA:
      if (putLayout(p, SITUATION, at, end)) putProposals(p, version, at + SITUATION.length, end);
      return;
    case SA_V2: putProposals(p, version, body, end); return;
    case KE: p.put(F.keyExchangeData, body, size); return;
    case KE_V2:
      if (size < 4) return;
      p.put(F.keyExchangeDhGroup, body, 2);
      p.put(F.reserved, body + 2, 2);
      p.put(F.keyExchangeData, body + 4, size - 4);
      return;
    case ID: case ID_INITIATOR: case ID_RESPONDER: putIdentity(p, version, at, end); return;
    case CERT: case CERT_V2: p.put(F.certEncoding, body, 1); if (size > 1) p.put(F.certData, body + 1, size - 1); return;
    case CERT_REQUEST: case CERT_REQUEST_V2: p.put(F.certreqType, body, 1); return;
    case HASH: p.put(F.hash, body, size); return;
    case SIGNATURE: p.put(F.sig, body, size); return;
    case NONCE: case NONCE_V2: p.put(F.nonce, body, size); return;
    case AUTH_V2:
      p.put(F.authMethod, body, 1);
      if (size > 4) p.put(F.authData, body + 4, size - 4);
      return;
    case NOTIFY: case NOTIFY_V2: putNotify(p, type === NOTIFY ? 1 : 2, at, end); return;
    case DELETE: case DELETE_V2: putDelete(p, type === DELETE ? 1 : 2, at, end); return;
    case VENDOR: case VENDOR_V2: p.put(F.vidBytes, body, size); return;
    case NAT_DETECTION: case NAT_DETECTION_DRAFT: p.put(F.ikeNatHash, body, size); return;
    case SELECTORS_INITIATOR: case SELECTORS_RESPONDER: putSelectors(p, body, end); return;
    case ENCRYPTED:
      // How long the vector is only the two ends know; four bytes are taken where nothing is known.
      if (size >= 4) p.put(F.encIv, body, 4);
      if (size > 4) p.put(F.encData, body + 4, size - 4);
      return;
    case FRAGMENT:
      if (size < 4) return;
      p.put(F.fragNumber, body, 2);
      p.put(F.fragTotal, body + 2, 2);
      return;
    case CONFIGURATION: p.put(F.cfgType, body, 1); return;
    case EAP: p.put(F.eapData, body, size); return;
    default:
  }
}

function putIdentity(p: PacketView, version: number, at: number, end: number): void {
  const b = p.bytes;
  const data = at + 8;
  if (end < data) return;
  if (version === 1) putLayout(p, IDENTITY, at, end);
  else {
    p.put(F.idType, at + 4, 1);
    p.put(F.reserved, at + 5, 3);
  }
  const size = end - data;
  p.open(F.idData, data);
  switch (b[at + 4]) {
    case 1: if (size === 4) p.put(F.idDataIpv4Addr, data, 4); break;
    case 2: p.put(F.idDataFqdn, data, size); break;
    case 3: p.put(F.idDataUserFqdn, data, size); break;
    case 4: if (size === 8) p.put(F.idDataIpv4Subnet, data, 4); break;
    case 5: if (size === 16) p.put(F.idDataIpv6Addr, data, 16); break;
    case 7:
      if (size !== 8) break;
      p.put(F.idDataIpv4RangeStart, data, 4);
      p.put(F.idDataIpv4RangeEnd, data + 4, 4);
      break;
    case 11: p.put(F.idDataKeyId, data, size); break;
    default:
  }
  p.close(end);
}

function putNotify(p: PacketView, version: number, at: number, end: number): void {
  const part = version === 1 ? NOTIFY_V1_PART : NOTIFY_V2_PART;
  if (!putLayout(p, part, at, end)) return;
  const spi = p.bytes[at + (version === 1 ? 9 : 5)];
  const data = at + part.length + spi;
  if (spi > 0 && data <= end) p.put(F.spi, at + part.length, spi);
  if (data > end) return;
  p.put(F.notifyData, data, end - data);
  const type = u16be(p.bytes, at + part.length - 2);
  if (version === 2 && (type === NAT_SOURCE || type === NAT_DESTINATION)) p.put(F.ikeNatHash, data, end - data);
}

function putDelete(p: PacketView, version: number, at: number, end: number): void {
  const part = version === 1 ? DELETE_V1_PART : DELETE_V2_PART;
  if (!putLayout(p, part, at, end)) return;
  const size = p.bytes[at + (version === 1 ? 9 : 5)];
  if (size > 0) for (let i = at + part.length; i + size <= end; i += size) p.put(F.deleteSpi, i, size);
}

/** Traffic selectors: address ranges of what the association carries (RFC 7296 §3.13). */
function putSelectors(p: PacketView, at: number, end: number): void {
  p.put(F.tsNumber, at, 1);
  if (end - at >= 4) p.put(F.reserved, at + 1, 3);
  for (let i = at + 4; i + SELECTOR.length <= end;) {
    putLayout(p, SELECTOR, i, end);
    const length = u16be(p.bytes, i + 2);
    const isFourth = p.bytes[i] === 7;
    const size = isFourth ? 4 : 16;
    if (length < SELECTOR.length || i + SELECTOR.length + 2 * size > end) return;
    p.put(isFourth ? F.tsStartIpv4 : F.tsStartIpv6, i + SELECTOR.length, size);
    p.put(isFourth ? F.tsEndIpv4 : F.tsEndIpv6, i + SELECTOR.length + size, size);
    i += length;
  }
}
