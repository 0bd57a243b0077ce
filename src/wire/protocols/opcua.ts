import { u32le } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { putRun } from '../codecs/field-run.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const number = (name: string, title: string) => ({ name: `opcua.${name}`, ...put('u32', title, { little: true }) });

export const opcuaFields = defineFields({
  type: { name: 'opcua.transport.type', ...put('string', 'Message Type') },
  chunk: { name: 'opcua.transport.chunk', ...put('string', 'Chunk Type') },
  size: number('transport.size', 'Message Size'),
  version: number('transport.ver', 'Version'),
  channel: number('transport.scid', 'SecureChannelId'),
  receive: number('transport.rbs', 'ReceiveBufferSize'),
  send: number('transport.sbs', 'SendBufferSize'),
  maxMessage: number('transport.mms', 'MaxMessageSize'),
  maxChunks: number('transport.mcc', 'MaxChunkCount'),
  endpoint: { name: 'opcua.transport.endpoint', ...put('string', 'EndpointUrl') },
  error: { name: 'opcua.transport.error', ...put('u32', 'Error', { base: 'hex', little: true }) },
  reason: { name: 'opcua.transport.reason', ...put('string', 'Reason') },
  policy: { name: 'opcua.security.spu', ...put('string', 'SecurityPolicyUri') },
  token: number('security.tokenid', 'Security Token Id'),
  sequence: number('security.seq', 'Security Sequence Number'),
  request: number('security.rqid', 'Security RequestId'),
});
const F = opcuaFields;

const HEADER_LEN = 8;
const NULL_LENGTH = 0xffffffff;
const HEAD: FieldRun = [[F.type, 3], [F.chunk, 1], [F.size, 4]];
const HELLO: FieldRun = [[F.version, 4], [F.receive, 4], [F.send, 4], [F.maxMessage, 4], [F.maxChunks, 4]];
const ERROR: FieldRun = [[F.error, 4]];
const OPEN: FieldRun = [[F.channel, 4]];
const MESSAGE: FieldRun = [[F.channel, 4], [F.token, 4], [F.sequence, 4], [F.request, 4]];

/** OPC UA binary: transport and security heads (OPC 10000-6 §6.7, §7.1). */
export const opcua = defineDissector({
  name: 'opcua',
  title: 'OpcUa Binary Protocol',
  spec: ['OPC 10000-6 §6.7', 'OPC 10000-6 §7.1'],
  over: { 'tcp.port': [4840] },
  fields: opcuaFields,
  stream: true,
  short: 'OpcUa',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const wait = p.more(HEADER_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const size = u32le(p.bytes, at + 4);
    if (size < HEADER_LEN) return DECLINE;
    const wait = wholePdu(p, at, size);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    const body = putRun(p, at, stop, HEAD);
    if (body >= 0) putBody(p, p.host.latin1(p.bytes, at, at + 3), body, stop);
    return DONE;
  },
  info: (row) => row.all(F.type).join(', '),
});

function putBody(p: PacketView, type: string, at: number, end: number): void {
  if (type === 'HEL' || type === 'ACK') {
    const url = putRun(p, at, end, HELLO);
    if (url >= 0 && type === 'HEL') putCounted(p, url, end, F.endpoint);
  } else if (type === 'ERR') {
    const reason = putRun(p, at, end, ERROR);
    if (reason >= 0) putCounted(p, reason, end, F.reason);
  } else if (type === 'OPN') {
    const policy = putRun(p, at, end, OPEN);
    if (policy >= 0) putCounted(p, policy, end, F.policy);
  } else putRun(p, at, end, MESSAGE);
}

function putCounted(p: PacketView, at: number, end: number, f: typeof F.endpoint): void {
  if (at + 4 > end) return;
  const length = u32le(p.bytes, at);
  if (length !== NULL_LENGTH && at + 4 + length <= end) p.put(f, at + 4, length);
}

export default opcua;
