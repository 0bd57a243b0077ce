import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { mqttFields } from '../codecs/mqtt-fields.ts';
import { putCounted, putProperties, varint, varintLen } from '../codecs/mqtt-properties.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = mqttFields;

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const PUBREC = 5;
const PUBREL = 6;
const PUBCOMP = 7;
const SUBSCRIBE = 8;
const SUBACK = 9;
const UNSUBSCRIBE = 10;
const UNSUBACK = 11;
const DISCONNECT = 14;
const AUTH = 15;
const NAMES = ['Reserved', 'Connect Command', 'Connect Ack', 'Publish Message', 'Publish Ack', 'Publish Received', 'Publish Release', 'Publish Complete', 'Subscribe Request', 'Subscribe Ack', 'Unsubscribe Request', 'Unsubscribe Ack', 'Ping Request', 'Ping Response', 'Disconnect Req', 'Authentication Exchange'];

const V31 = 3;
const V5 = 5;
/** Longest fixed header: type and four bytes of length. */
const MAX_HEADER = 5;

const PUBLISH_FLAGS: FieldRun = [[F.hdrflags, 1, true], [F.msgtype, 1, true], [F.dupflag, 1, true], [F.qos, 1, true], [F.retain, 1]];
const V31_FLAGS: FieldRun = [[F.hdrflags, 1, true], [F.msgtype, 1, true], [F.dupflag, 1, true], [F.qos, 1, true], [F.retainReserved, 1]];
const FLAGS: FieldRun = [[F.hdrflags, 1, true], [F.msgtype, 1, true], [F.hdrReserved, 1]];
const CONNECT_HEAD: FieldRun = [
  [F.ver, 1], [F.conflags, 1, true], [F.conflagUname, 1, true], [F.conflagPasswd, 1, true], [F.conflagRetain, 1, true], [F.conflagQos, 1, true],
  [F.conflagWillflag, 1, true], [F.conflagCleansess, 1, true], [F.conflagReserved, 1], [F.kalive, 2],
];
const CONNACK_FLAGS: FieldRun = [[F.conackFlags, 1, true], [F.conackFlagsReserved, 1, true], [F.conackFlagsSp, 1]];
const OPTIONS: FieldRun = [
  [F.subscriptionOptions, 1, true], [F.subscriptionOptionsReserved, 1, true], [F.subscriptionOptionsRetain, 1, true], [F.subscriptionOptionsRap, 1, true],
  [F.subscriptionOptionsNl, 1, true], [F.subscriptionOptionsQos, 1],
];
const MESSAGE_ID: FieldRun = [[F.msgid, 2]];
const ACK_REASON: Readonly<Record<number, Field>> = {
  [PUBACK]: F.pubackReasonCode, [PUBREC]: F.pubrecReasonCode, [PUBREL]: F.pubrelReasonCode, [PUBCOMP]: F.pubcompReasonCode,
};

/** What CONNECT said of the connection: version 0 = it was not seen. */
interface Connection {
  version: number;
}

/** MQTT 3.1, 3.1.1 and 5. */
export const mqtt = defineDissector({
  name: 'mqtt',
  title: 'MQ Telemetry Transport Protocol',
  spec: ['MQTT 5.0 §2', 'MQTT 3.1.1 §2'],
  over: { 'tcp.port': [1883] },
  fields: mqttFields,
  stream: true,
  dissect(p, at, end) {
    const length = varint(p.bytes, at + 1, Math.min(end, at + MAX_HEADER));
    const headLen = 1 + varintLen;
    if (varintLen === 0) {
      if (end - at >= MAX_HEADER) return DECLINE;
      const wait = p.more(0);
      return wait === DONE ? p.tooShort(MAX_HEADER) : wait;
    }
    const wait = wholePdu(p, at, headLen + length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    const talk = p.flow >= 0 ? p.trackers.state('mqtt', p.flow, createConnection) : undefined;
    const type = p.bytes[at] >> 4;
    const body = at + headLen;
    if (type === CONNECT && talk !== undefined) talk.version = connectVersion(p.bytes, body, stop);
    const version = talk?.version ?? 0;
    putRun(p, at, stop, type === PUBLISH ? PUBLISH_FLAGS : version === V31 && (type === PUBREL || type === SUBSCRIBE || type === UNSUBSCRIBE) ? V31_FLAGS : FLAGS);
    p.putInt(F.len, at + 1, headLen - 1, length);
    if (version === 0 && type !== CONNECT && type !== 0 && length > 0) p.expert('note', 'protocol', F.unknownVersion.name, at, headLen);
    return length === 0 || putBody(p, type, p.bytes[at], body, stop, version) >= 0 ? DONE : cutShort(p, stop);
  },
  info: (row) => row.all(F.msgtype).map((type) => NAMES[Number(type)]).join(', '),
});

const createConnection = (): Connection => ({ version: 0 });

/** The version stands behind the protocol's name. */
function connectVersion(b: Uint8Array, at: number, end: number): number {
  const name = at + 2 <= end ? (b[at] << 8) | b[at + 1] : end;
  return at + 2 + name < end ? b[at + 2 + name] & 127 : 0;
}

/** Returns -1 where the message is shorter than what it must hold. */
function putBody(p: PacketView, type: number, first: number, at: number, end: number, version: number): number {
  switch (type) {
    case CONNECT: return putConnect(p, at, end);
    case CONNACK: return putConnack(p, at, end, version);
    case PUBLISH: return putPublish(p, first, at, end, version);
    case PUBACK: case PUBREC: case PUBREL: case PUBCOMP: return putAck(p, putRun(p, at, end, MESSAGE_ID), end, ACK_REASON[type], version);
    case SUBSCRIBE: case UNSUBSCRIBE: return putTopics(p, type, at, end, version);
    case SUBACK: case UNSUBACK: return putGrants(p, type, at, end, version);
    case DISCONNECT: return putAck(p, at, end, F.disconnectReasonCode, version);
    case AUTH: return putAck(p, at, end, F.authReasonCode, version);
    default: return end;
  }
}

function putConnect(p: PacketView, at: number, end: number): number {
  const name = putCounted(p, at, end, F.protoLen, F.protoname);
  if (name < 0) return name;
  let pos = putRun(p, name, end, CONNECT_HEAD);
  if (pos < 0) return pos;
  const isV5 = (p.bytes[name] & 127) === V5;
  const flags = p.bytes[name + 1];
  if (isV5) pos = putProperties(p, pos, end, F.properties);
  pos = putCounted(p, pos, end, F.clientidLen, F.clientid);
  if ((flags & 0x04) !== 0) {
    if (isV5) pos = putProperties(p, pos, end, F.willProperties);
    pos = putCounted(p, pos, end, F.willtopicLen, F.willtopic);
    pos = putCounted(p, pos, end, F.willmsgLen, F.willmsg);
  }
  if ((flags & 0x80) !== 0) pos = putCounted(p, pos, end, F.usernameLen, F.username);
  if ((flags & 0x40) !== 0) pos = putCounted(p, pos, end, F.passwdLen, F.passwd);
  return pos;
}

function putConnack(p: PacketView, at: number, end: number, version: number): number {
  if (at + 2 > end) return -1;
  // Version 3.1 has no flag here (its §3.2).
  if (version === V31) p.put(F.conackFlagsReserved, at, 1);
  else putRun(p, at, end, CONNACK_FLAGS);
  p.put(version === V5 ? F.connackReasonCode : F.conackVal, at + 1, 1);
  return version === V5 ? putProperties(p, at + 2, end, F.properties) : at + 2;
}

function putPublish(p: PacketView, first: number, at: number, end: number, version: number): number {
  let pos = putCounted(p, at, end, F.topicLen, F.topic);
  if (pos >= 0 && (first & 0x06) !== 0) pos = putRun(p, pos, end, MESSAGE_ID);
  if (version === V5) pos = putProperties(p, pos, end, F.properties);
  if (pos >= 0) p.put(F.msg, pos, end - pos);
  return pos;
}

/** In version 5 a reason and properties may follow, or be left out (MQTT 5 §3.4.2.1). */
function putAck(p: PacketView, at: number, end: number, reason: Field, version: number): number {
  if (at < 0 || at >= end || version !== V5) return at;
  p.put(reason, at, 1);
  return at + 1 < end ? putProperties(p, at + 1, end, F.properties) : at + 1;
}

function putTopics(p: PacketView, type: number, at: number, end: number, version: number): number {
  let pos = putRun(p, at, end, MESSAGE_ID);
  if (version === V5) pos = putProperties(p, pos, end, F.properties);
  while (pos >= 0 && pos < end) {
    pos = putCounted(p, pos, end, F.topicLen, F.topic);
    if (type === UNSUBSCRIBE || pos < 0) continue;
    if (pos >= end) return -1;
    if (version === V5) putRun(p, pos, end, OPTIONS);
    else p.put(F.subQos, pos, 1);
    pos++;
  }
  return pos;
}

function putGrants(p: PacketView, type: number, at: number, end: number, version: number): number {
  let pos = putRun(p, at, end, MESSAGE_ID);
  if (version === V5) pos = putProperties(p, pos, end, F.properties);
  const field = type === UNSUBACK ? F.unsubackReasonCode : version === V5 ? F.subackReasonCode : F.subackQos;
  for (let i = pos; i >= 0 && i < end; i++) p.put(field, i, 1);
  return pos;
}

export default mqtt;
