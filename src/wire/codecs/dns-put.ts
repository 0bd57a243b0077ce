import * as bytes from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import * as packetView from '../packet-view.ts';
import { dnsFields as F } from './dns-fields.ts';
import { DnsRecordCursor } from './dns-message.ts';
import * as dnsMessage from './dns-message.ts';
import { DnsName, LOOP_TEXT, nameText, readName } from './dns-name.ts';
import { putRecordData } from './dns-put-data.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be } = bytes;
const { DONE, MALFORMED } = packetView;
const {
  AD, AT_ANCOUNT, AT_ARCOUNT, AT_FLAGS, AT_ID, AT_NSCOUNT, AT_QDCOUNT, DNS_HEADER, MAX_RECORDS, OPCODE_DSO, OPCODE_UPDATE, QR, RR,
  readRecord,
} = dnsMessage;

/** Which of the three protocols that share the message format is being read. */
export type DnsVariant = 'dns' | 'mdns' | 'llmnr';

// One of each a process: filled and read within one call, never across packets.
const name = new DnsName();
const cursor = new DnsRecordCursor();

/**
 * Puts the fields of the message at `message`, captured to `end` and sent to `p.wireEnd`. Returns a verdict; what precedes a
 * fault has been put.
 */
export function putDnsMessage(p: PacketView, message: number, end: number, variant: DnsVariant): number {
  const b = p.bytes;
  const flags = u16be(b, message + AT_FLAGS);
  const opcode = (flags >> 11) & 15;
  p.put(F.id, message + AT_ID, 2);
  putFlags(p, message + AT_FLAGS, flags, variant);
  if (opcode === OPCODE_DSO) return DONE;
  const update = opcode === OPCODE_UPDATE;
  p.put(update ? F.zones : F.queries, message + AT_QDCOUNT, 2);
  p.put(update ? F.prerequisites : F.answers, message + AT_ANCOUNT, 2);
  p.put(update ? F.updates : F.authorities, message + AT_NSCOUNT, 2);
  p.put(F.additionals, message + AT_ARCOUNT, 2);
  let at = message + DNS_HEADER;
  const questions = u16be(b, message + AT_QDCOUNT);
  for (let i = 0; i < questions; i++) {
    at = putQuestion(p, message, at, end, variant);
    if (at < 0) return p.tooShort(p.wireEnd - message);
  }
  const records = u16be(b, message + AT_ANCOUNT) + u16be(b, message + AT_NSCOUNT) + u16be(b, message + AT_ARCOUNT);
  for (let i = 0; i < records && i < MAX_RECORDS; i++) {
    if (at >= end && end < p.wireEnd) return p.tooShort(p.wireEnd - message);
    at = putRecord(p, message, at, end, variant);
    if (at < 0) return end < p.wireEnd ? p.tooShort(p.wireEnd - message) : MALFORMED;
  }
  if (at < end) {
    p.put(F.extraneousData, at, end - at);
    p.putInt(F.extraneousLength, at, 0, end - at);
    p.expert('note', 'undecoded', 'dns.extraneous', at, end - at);
  }
  return DONE;
}

function putFlags(p: PacketView, at: number, flags: number, variant: DnsVariant): void {
  const response = (flags & QR) !== 0;
  p.put(F.flags, at, 2);
  p.put(F.response, at, 2);
  p.put(F.opcode, at, 2);
  if (variant === 'llmnr') {
    p.put(F.conflict, at, 2);
    p.put(F.truncated, at, 2);
    p.put(F.tentative, at, 2);
    if (response) p.put(F.rcode, at, 2);
    return;
  }
  if (response) p.put(F.authoritative, at, 2);
  p.put(F.truncated, at, 2);
  p.put(F.recdesired, at, 2);
  if (response) p.put(F.recavail, at, 2);
  p.put(F.z, at, 2);
  if (response || (flags & AD) !== 0) p.put(F.authenticated, at, 2);
  p.put(F.checkdisable, at, 2);
  if (response) p.put(F.rcode, at, 2);
}

/** One question; returns where it ends, -1 where it does not fit. */
function putQuestion(p: PacketView, message: number, at: number, end: number, variant: DnsVariant): number {
  if (!readName(p.bytes, message, at, end, name) && name.fault !== 'loop') return -1;
  const after = name.end;
  const nameLength = after - at;
  if (p.wants(F.qryName)) p.putText(F.qryName, at, nameLength, nameText(name, p.host));
  // The root is shown as `<Root>`, six characters; Wireshark counts those.
  const shown = name.fault === 'loop' ? LOOP_TEXT.length : name.length === 0 ? 6 : name.length;
  p.putInt(F.qryNameLen, at, 0, shown);
  p.putInt(F.labels, at, 0, name.length === 0 || name.fault === 'loop' ? 1 : name.labels);
  if (after + 4 > end) return -1;
  p.put(F.qryType, after, 2);
  if (variant === 'mdns') {
    p.putInt(F.qryClass, after + 2, 2, u16be(p.bytes, after + 2) & 0x7fff);
    p.put(F.qu, after + 2, 2);
  } else p.put(F.qryClass, after + 2, 2);
  return after + 4;
}

/** One resource record; returns where it ends, -1 where it does not fit. */
function putRecord(p: PacketView, message: number, at: number, end: number, variant: DnsVariant): number {
  if (!readName(p.bytes, message, at, end, name) && name.fault !== 'loop') return -1;
  if (!readRecord(p.bytes, at, end, cursor)) return -1;
  const { fixedAt, dataEnd } = cursor;
  const srv = cursor.type === RR.SRV && name.labels >= 3;
  if (srv) putServiceName(p, at);
  else if (p.wants(F.respName)) p.putText(F.respName, at, name.end - at, nameText(name, p.host));
  p.put(F.respType, fixedAt, 2);
  if (cursor.type === RR.OPT) {
    p.putInt(F.udpPayloadSize, fixedAt + 2, 2, variant === 'mdns' ? cursor.rrClass & 0x7fff : cursor.rrClass);
    if (variant === 'mdns') p.put(F.cacheFlush, fixedAt + 2, 2);
    p.put(F.extRcode, fixedAt + 4, 1);
    p.put(F.ednsVersion, fixedAt + 5, 1);
    p.put(F.ednsZ, fixedAt + 6, 2);
    p.put(F.ednsDo, fixedAt + 6, 2);
    p.put(F.ednsReserved, fixedAt + 6, 2);
  } else {
    if (variant === 'mdns') {
      p.putInt(F.respClass, fixedAt + 2, 2, cursor.rrClass & 0x7fff);
      p.put(F.cacheFlush, fixedAt + 2, 2);
    } else p.put(F.respClass, fixedAt + 2, 2);
    p.put(F.ttl, fixedAt + 4, 4);
    if ((p.bytes[fixedAt + 4] & 0x80) !== 0) p.expert('warn', 'protocol', F.ttlHighBit.name, fixedAt + 4, 4);
  }
  p.put(F.respLen, fixedAt + 8, 2);
  if (dataEnd > cursor.dataAt) putRecordData(p, message, cursor, dataEnd, end);
  return dataEnd;
}

/** `_ldap._tcp.example.test` as service, protocol and name (RFC 2782). */
function putServiceName(p: PacketView, at: number): void {
  const text = nameText(name, p.host);
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  p.putText(F.srvService, at, name.end - at, text.slice(0, first));
  p.putText(F.srvProto, at, name.end - at, text.slice(first + 1, second));
  p.putText(F.srvName, at, name.end - at, text.slice(second + 1));
}
