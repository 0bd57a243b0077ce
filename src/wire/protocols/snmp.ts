import { u32be, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { DER, DerElement, readElement } from '../codecs/der.ts';
import { SNMP_PDUS, snmpFields } from '../codecs/snmp-fields.ts';
import { lastRequestId, putContent, putInteger, putPdu } from '../codecs/snmp-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, unfit } from '../packet-view.ts';

const VERSION_3 = 3;
const USER_SECURITY_MODEL = 3;
const ENCRYPTED = 0x02;
const RESPONSE = 2;
const TCP = 6;

const F = snmpFields;
const message = new DerElement();
const inner = new DerElement();
const engine = new DerElement();

/** SNMP versions 1, 2c and 3; over TCP messages follow each other. */
export const snmp = defineDissector({
  name: 'snmp',
  title: 'Simple Network Management Protocol',
  spec: ['RFC 1157 §4', 'RFC 3416', 'RFC 3412 §6', 'RFC 3414 §2.4'],
  over: { 'udp.port': [161, 162, 8161], 'tcp.port': [161, 162] },
  fields: snmpFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end > at && b[at] !== DER.SEQUENCE) return DECLINE;
    if (!readElement(b, at, end, message)) {
      if (p.ipProto === TCP) {
        const verdict = p.more(0);
        if (verdict !== DONE) return verdict;
      }
      return unfit(p);
    }
    const messageEnd = message.end;
    if (!readElement(b, message.contentAt, messageEnd, inner) || inner.tag !== DER.INTEGER) return DECLINE;
    const version = b[inner.contentAt];
    const whole = version === VERSION_3 ? putThird(p, inner.end, messageEnd) : putCommunity(p, inner.end, messageEnd);
    if (!whole) return unfit(p);
    if (p.ipProto === TCP && messageEnd < p.wireEnd) p.payload(messageEnd, p.wireEnd);
    return DONE;
  },
  column: 'SNMP',
  info: (row) => `${(SNMP_PDUS as Readonly<Record<number, string>>)[row.num(F.data)] ?? 'encryptedPDU'} ${row.all(F.name).join(' ')}`,
});
export default snmp;

function putCommunity(p: PacketView, at: number, end: number): boolean {
  p.put(F.version, inner.contentAt, inner.end - inner.contentAt);
  const data = putContent(p, F.community, at, end);
  return data >= 0 && readPdu(p, data, end);
}

/** The PDU, and which request it answers. */
function readPdu(p: PacketView, at: number, end: number): boolean {
  const pdu = putPdu(p, at, end);
  if (pdu < 0) return false;
  if (!p.track || p.flow < 0) return true;
  const { pending } = p.trackers;
  const kind = p.id('snmp');
  if (pdu !== RESPONSE) pending.ask(kind, p.flow, lastRequestId, p.frame, p.seconds, p.nanoseconds);
  else {
    const i = pending.find(kind, p.flow, lastRequestId);
    if (i >= 0) {
      p.putInt(F.responseTo, at, 0, pending.frame[i]);
      p.putSince(F.time, pending.seconds[i], pending.nanos[i]);
    }
  }
  return true;
}

/** Header, security parameters, scoped PDU (RFC 3412 §6, RFC 3414 §2.4). */
function putThird(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  p.put(F.msgVersion, inner.contentAt, inner.end - inner.contentAt);
  if (!readElement(b, at, end, inner)) return false;
  const headEnd = inner.end;
  p.open(F.msgGlobalDataElement, at);
  let i = putInteger(p, F.msgID, inner.contentAt, headEnd);
  if (i >= 0) i = putInteger(p, F.msgMaxSize, i, headEnd);
  if (i < 0 || !readElement(b, i, headEnd, inner)) return false;
  const flags = inner.contentAt;
  p.put(F.msgFlags, flags, inner.end - flags);
  p.put(F.v3FlagsReport, flags, 1);
  p.put(F.v3FlagsCrypt, flags, 1);
  p.put(F.v3FlagsAuth, flags, 1);
  const isEncrypted = (b[flags] & ENCRYPTED) !== 0;
  i = inner.end;
  if (!readElement(b, i, headEnd, inner)) return false;
  const model = b[inner.contentAt];
  i = putInteger(p, F.msgSecurityModel, i, headEnd);
  p.close(headEnd);
  if (i < 0 || !readElement(b, headEnd, end, inner)) return false;
  const data = inner.end;
  if (model === USER_SECURITY_MODEL && !putUser(p, inner.contentAt, inner.end)) return false;
  p.putInt(F.msgData, data, end - data, isEncrypted ? 1 : 0);
  if (isEncrypted) return putContent(p, F.encryptedPDU, data, end) >= 0;
  if (!readElement(b, data, end, inner)) return false;
  p.open(F.plaintextElement, data);
  const scopedEnd = inner.end;
  const context = putEngine(p, F.contextEngineID, inner.contentAt, scopedEnd);
  const pdu = context < 0 ? -1 : putContent(p, F.contextName, context, scopedEnd);
  const whole = pdu >= 0 && readPdu(p, pdu, scopedEnd);
  p.close(scopedEnd);
  return whole;
}

function putUser(p: PacketView, at: number, end: number): boolean {
  if (!readElement(p.bytes, at, end, inner)) return false;
  const partEnd = inner.end;
  let i = putEngine(p, F.msgAuthoritativeEngineID, inner.contentAt, partEnd);
  if (i >= 0) i = putInteger(p, F.msgAuthoritativeEngineBoots, i, partEnd);
  if (i >= 0) i = putInteger(p, F.msgAuthoritativeEngineTime, i, partEnd);
  if (i >= 0) i = putContent(p, F.msgUserName, i, partEnd);
  if (i >= 0) i = putContent(p, F.msgAuthenticationParameters, i, partEnd);
  if (i >= 0) i = putContent(p, F.msgPrivacyParameters, i, partEnd);
  return i >= 0;
}

const ENGINE_VALUES: Readonly<Record<number, Field>> = { 1: F.engineidIpv4, 2: F.engineidIpv6, 3: F.engineidMac, 4: F.engineidText };
const NET_SNMP = 8072;
const NET_SNMP_RANDOM = 128;

/** An engine's identity: who made it, and an address, a text or a number (RFC 3411 §5). */
function putEngine(p: PacketView, f: Field, at: number, end: number): number {
  const b = p.bytes;
  const next = putContent(p, f, at, end);
  if (next < 0 || !readElement(b, at, end, engine) || engine.end - engine.contentAt < 5) return next;
  const id = engine.contentAt;
  const size = engine.end - id - 5;
  const enterprise = u32be(b, id) & 0x7fffffff;
  p.put(F.engineidConform, id, 1);
  if (b[id] < 0x80) return next;
  p.putInt(F.engineidEnterprise, id, 4, enterprise);
  p.put(F.engineidFormat, id + 4, 1);
  if (enterprise === NET_SNMP && b[id + 4] === NET_SNMP_RANDOM && size >= 8) {
    p.put(F.engineidData, id + 5, 4);
    p.putTime(F.engineidTime, id + 9, 4, u32le(b, id + 9), 0);
  } else if (size > 0) p.put(ENGINE_VALUES[b[id + 4]] ?? F.engineidData, id + 5, size);
  return next;
}
