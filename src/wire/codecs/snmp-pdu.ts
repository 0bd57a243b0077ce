import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, readElement } from './der.ts';
import { snmpFields as F } from './snmp-fields.ts';

const TRAP = 4;
const BULK = 5;
const MAX_BINDINGS = 8192;

// Values of variables (RFC 2578 §7.1, RFC 3416 §3).
const IP_ADDRESS = 0x40;
const COUNTER = 0x41;
const GAUGE = 0x42;
const TIMETICKS = 0x43;
const OPAQUE = 0x44;
const COUNTER64 = 0x46;
const UNSIGNED = 0x47;
const NO_SUCH_OBJECT = 0x80;
const NO_SUCH_INSTANCE = 0x81;
const END_OF_MIB_VIEW = 0x82;

const ELEMENTS = [
  F.getRequestElement, F.getNextRequestElement, F.getResponseElement, F.setRequestElement, F.trapElement, F.getBulkRequestElement, F.informRequestElement,
  F.snmpV2TrapElement, F.reportElement,
];
const element = new DerElement();
const binding = new DerElement();
const part = new DerElement();

/** Value of the integer at `part`, as far as 53 bits hold it. */
function integer(b: Uint8Array, signed: boolean): number {
  let v = signed && part.end > part.contentAt && b[part.contentAt] >= 0x80 ? -1 : 0;
  for (let i = part.contentAt; i < part.end; i++) v = v * 256 + b[i];
  return v;
}

/** Puts the integer element at `at` under `f`; returns where it ends, -1 where it is none. */
export function putInteger(p: PacketView, f: Field, at: number, end: number): number {
  if (!readElement(p.bytes, at, end, part) || part.end === part.contentAt) return -1;
  p.putInt(f, part.contentAt, part.end - part.contentAt, integer(p.bytes, true));
  return part.end;
}

/** The same for octets, object identifiers and addresses: content as it is. */
export function putContent(p: PacketView, f: Field, at: number, end: number): number {
  if (!readElement(p.bytes, at, end, part)) return -1;
  p.put(f, part.contentAt, part.end - part.contentAt);
  return part.end;
}

/** Id of the request in a PDU, for pairing; of the last PDU that was put. */
export let lastRequestId = 0;

/** Puts the PDU at `at` (RFC 3416 §3, RFC 1157 §4.1); returns the number of its tag, -1 where it does not read. */
export function putPdu(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (!readElement(b, at, end, element)) return -1;
  const pdu = element.tag & 31;
  const pduEnd = element.end;
  const body = element.contentAt;
  p.putInt(F.data, at, pduEnd - at, pdu);
  const name = ELEMENTS[pdu];
  if ((element.tag & 0xe0) !== 0xa0 || name === undefined) return -1;
  p.open(name, body);
  let i = body;
  if (pdu === TRAP) {
    i = putContent(p, F.enterprise, i, pduEnd);
    if (i >= 0) i = putContent(p, F.agentAddr, i, pduEnd);
    if (i >= 0) i = putInteger(p, F.genericTrap, i, pduEnd);
    if (i >= 0) i = putInteger(p, F.specificTrap, i, pduEnd);
    if (i >= 0) i = putInteger(p, F.timeStamp, i, pduEnd);
  } else {
    if (readElement(b, i, pduEnd, part)) lastRequestId = integer(b, true);
    i = putInteger(p, F.requestId, i, pduEnd);
    if (i >= 0) i = putInteger(p, pdu === BULK ? F.nonRepeaters : F.errorStatus, i, pduEnd);
    if (i >= 0) i = putInteger(p, pdu === BULK ? F.maxRepetitions : F.errorIndex, i, pduEnd);
  }
  if (i >= 0) i = putBindings(p, i, pduEnd);
  p.close(pduEnd);
  return i < 0 ? -1 : pdu;
}

function putBindings(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (!readElement(b, at, end, element) || element.tag !== DER.SEQUENCE) return -1;
  const listEnd = element.end;
  const listAt = element.contentAt;
  let count = 0;
  for (let i = listAt; i < listEnd && readElement(b, i, listEnd, binding); i = binding.end) count++;
  p.putInt(F.variableBindings, listAt, listEnd - listAt, count);
  for (let i = listAt, n = 0; i < listEnd && n < MAX_BINDINGS; n++) {
    if (!readElement(b, i, listEnd, binding) || binding.tag !== DER.SEQUENCE) return -1;
    const value = putContent(p, F.name, binding.contentAt, binding.end);
    if (value < 0 || !readElement(b, value, binding.end, part)) return -1;
    putValue(p);
    i = binding.end;
  }
  return listEnd;
}

/** Puts the value of a variable, which stands at `part`. */
function putValue(p: PacketView): void {
  const at = part.contentAt;
  const len = part.end - at;
  switch (part.tag) {
    case DER.INTEGER: p.putInt(F.valueInt, at, len, integer(p.bytes, true)); return;
    case DER.OCTET_STRING: p.put(F.valueOctets, at, len); return;
    case DER.NULL: p.put(F.valueNull, at, len); return;
    case DER.OID: p.put(F.valueOid, at, len); return;
    case IP_ADDRESS: p.put(len === 4 ? F.valueIpv4 : len === 16 ? F.valueIpv6 : F.valueAddr, at, len); return;
    case COUNTER: case COUNTER64: p.put(F.valueCounter, at, len); return;
    case GAUGE: p.putInt(F.valueG32, at, len, integer(p.bytes, false)); return;
    case UNSIGNED: p.putInt(F.valueU32, at, len, integer(p.bytes, false)); return;
    case TIMETICKS: p.put(F.valueTimeticks, at, len); return;
    case OPAQUE: p.put(F.valueOpaque, at, len); return;
    case NO_SUCH_OBJECT: p.put(F.noSuchObject, at, len); return;
    case NO_SUCH_INSTANCE: p.put(F.noSuchInstance, at, len); return;
    case END_OF_MIB_VIEW: p.put(F.endOfMibView, at, len); return;
    default: p.put(F.valueUnk, at, len);
  }
}
