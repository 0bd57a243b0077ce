import { toHex, u16le, u32le } from '../../base/bytes.ts';
import type { CipConversation } from '../codecs/cip-requests.ts';
import { createCipConversation } from '../codecs/cip-requests.ts';
import { cipFields } from '../codecs/cip-fields.ts';
import { enipFields } from '../codecs/enip-fields.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = enipFields;
const PORT = 44_818;
const IO_PORT = 2222;
const TCP = 6;

// Encapsulation (CIP Volume 2 §2-3): command, length, session, status, context of 8 bytes, options
const HEADER_LEN = 24;
const LENGTH = 2;
const CONTEXT = 12;
const HEADER: FieldRun = [[F.command, 2], [F.length, 2], [F.session, 4], [F.status, 4], [F.context, 8], [F.options, 4]];
/** A request for identities says how long answers may take, in place of the first bytes of the context. */
const LIST_HEADER: FieldRun = [[F.command, 2], [F.length, 2], [F.session, 4], [F.status, 4], [F.listidDelay, 2], [F.context, 6], [F.options, 4]];

const LIST_SERVICES = 0x04;
const LIST_IDENTITY = 0x63;
const REGISTER_SESSION = 0x65;
const SEND_RR_DATA = 0x6f;
const SEND_UNIT_DATA = 0x70;
const COMMANDS: Readonly<Record<number, string>> = {
  0x00: 'NOP', 0x04: 'List Services', 0x63: 'List Identity', 0x64: 'List Interfaces', 0x65: 'Register Session', 0x66: 'Unregister Session',
  0x6f: 'Send RR Data', 0x70: 'Send Unit Data', 0x72: 'Indicate Status', 0x73: 'Cancel',
};

const ITEM_IDENTITY = 0x0c;
const ITEM_CONNECTED_ADDRESS = 0xa1;
const ITEM_CONNECTED_DATA = 0xb1;
const ITEM_UNCONNECTED_DATA = 0xb2;
const ITEM_SERVICES = 0x100;
const ITEM_SEQUENCED_ADDRESS = 0x8002;

const ITEM: FieldRun = [[F.cpfTypeid, 2], [F.cpfLength, 2]];
const SEQUENCED: FieldRun = [[F.cpfSaiConnid, 4], [F.cpfSaiSeq, 4]];
const REGISTER: FieldRun = [[F.rsVersion, 2], [F.rsFlags, 2]];
const SERVICES: FieldRun = [[F.encapver, 2], [F.lsrCapaflags, 2, true], [F.lsrCapaflagsTcp, 2, true], [F.lsrCapaflagsUdp, 2]];
const IDENTITY: FieldRun = [[F.encapver, 2]];
const DEVICE: FieldRun = [[F.lirVendor, 2], [F.lirDevtype, 2], [F.lirProdcode, 2], [F.lirRevision, 2], [F.lirStatus, 2], [F.lirSerial, 4], [F.lirNamelen, 1]];

/** EtherNet/IP encapsulation, and the implicit messages that go without its head. */
export const enip = defineDissector({
  name: 'enip',
  title: 'EtherNet/IP (Industrial Protocol)',
  spec: ['CIP Volume 2 §2'],
  over: { 'tcp.port': [PORT], 'udp.port': [PORT, IO_PORT] },
  fields: enipFields,
  stream: true,
  dissect(p, at, end) {
    if (p.ipProto !== TCP && (p.srcPort === IO_PORT || p.dstPort === IO_PORT)) return putItems(p, at, end, undefined, 0, false) ? DONE : cutShort(p, end);
    if (end - at < HEADER_LEN) {
      const wait = p.ipProto === TCP ? p.more(0) : DONE;
      return wait === DONE ? DECLINE : wait;
    }
    const command = u16le(p.bytes, at);
    if (COMMANDS[command] === undefined) return DECLINE;
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, HEADER_LEN + u16le(p.bytes, at + LENGTH));
      if (wait !== DONE) return wait;
    }
    const stop = Math.min(end, p.wireEnd);
    putRun(p, at, stop, command === LIST_IDENTITY ? LIST_HEADER : HEADER);
    return putCommand(p, at, stop, command) ? DONE : cutShort(p, stop);
  },
  info: (row) => (row.has(F.command) ? (COMMANDS[row.num(F.command)] ?? 'Unknown command') : 'Implicit message'),
});

function putCommand(p: PacketView, at: number, end: number, command: number): boolean {
  const body = at + HEADER_LEN;
  const isRequest = p.dstPort === PORT;
  if (body >= end) return true;
  if (command === REGISTER_SESSION) return putRun(p, body, end, REGISTER) >= 0;
  if (command === LIST_IDENTITY || command === LIST_SERVICES) return putItems(p, body, end, undefined, at, isRequest);
  if (command !== SEND_RR_DATA && command !== SEND_UNIT_DATA) return true;
  if (body + 6 > end) return false;
  p.put(command === SEND_RR_DATA ? F.srrdIface : F.sudIface, body, 4);
  p.put(F.timeout, body + 4, 2);
  const talk = p.flow >= 0 ? p.trackers.state('cip', p.flow, createCipConversation) : undefined;
  return putItems(p, body + 6, end, talk, at, isRequest);
}

/** Common Packet Format: a count, and items of type, length and data. */
function putItems(p: PacketView, at: number, end: number, talk: CipConversation | undefined, head: number, isRequest: boolean): boolean {
  const b = p.bytes;
  if (at + 2 > end) return false;
  p.put(F.cpfItemcount, at, 2);
  let pos = at + 2;
  let sequenced = false;
  for (let n = u16le(b, at); n > 0; n--) {
    const data = putRun(p, pos, end, ITEM);
    if (data < 0) return false;
    const type = u16le(b, pos);
    const to = data + u16le(b, pos + 2);
    if (to > end) return false;
    pos = to;
    if (type === ITEM_SEQUENCED_ADDRESS) {
      if (putRun(p, data, to, SEQUENCED) < 0) return false;
      sequenced = true;
    } else if (type === ITEM_CONNECTED_ADDRESS && to - data >= 4) p.put(F.cpfCaiConnid, data, 4);
    else if (type === ITEM_IDENTITY || type === ITEM_SERVICES) {
      if (!putListed(p, data, to, type)) return false;
    } else if (type === ITEM_CONNECTED_DATA && sequenced) p.call(p.id('cipio'), data, to);
    else if (type === ITEM_CONNECTED_DATA && to - data >= 2) {
      p.put(cipFields.seq, data, 2);
      pair(p, talk, `c${u16le(b, data)}`, isRequest);
      p.call(p.id('cip'), data + 2, to);
    } else if (type === ITEM_UNCONNECTED_DATA && to > data) {
      pair(p, talk, `u${u32le(b, head + 4)} ${toHex(b, head + CONTEXT, head + CONTEXT + 8)}`, isRequest);
      p.call(p.id('cip'), data, to);
    }
  }
  return true;
}

/** Remembers a request, or finds the one that this message answers. */
function pair(p: PacketView, talk: CipConversation | undefined, key: string, isRequest: boolean): void {
  if (talk === undefined) return;
  if (isRequest) {
    talk.current = { frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds, paths: [] };
    talk.ask(key, talk.current);
    return;
  }
  talk.current = talk.find(key);
  if (talk.current === undefined) return;
  p.putInt(F.responseTo, p.payloadAt, 0, talk.current.frame);
  p.putSince(F.time, talk.current.seconds, talk.current.nanoseconds);
}

function putListed(p: PacketView, at: number, end: number, type: number): boolean {
  if (type === ITEM_SERVICES) {
    const name = putRun(p, at, end, SERVICES);
    if (name >= 0 && name < end) p.put(F.lsrServicename, name, end - name);
    return name >= 0;
  }
  let pos = putRun(p, at, end, IDENTITY);
  if (pos < 0 || pos + 16 > end) return false;
  // A socket address, in network byte order.
  p.putInt(F.sinfamily, pos, 2, (p.bytes[pos] << 8) | p.bytes[pos + 1]);
  p.putInt(F.sinport, pos + 2, 2, (p.bytes[pos + 2] << 8) | p.bytes[pos + 3]);
  p.put(F.sinaddr, pos + 4, 4);
  p.put(F.sinzero, pos + 8, 8);
  pos = putRun(p, pos + 16, end, DEVICE);
  if (pos < 0) return false;
  const n = p.bytes[pos - 1];
  if (pos + n > end) return false;
  p.put(F.lirName, pos, n);
  if (pos + n < end) p.put(F.lirState, pos + n, 1);
  return true;
}

export default enip;
