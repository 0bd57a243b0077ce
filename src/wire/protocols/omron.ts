import { u16be, u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const byte = (name: string, title: string, mask = 0) => ({ name: `omron.${name}`, ...put('u8', title, { base: 'hex', mask }) });
const word32 = (name: string, title: string, base: 'hex' | 'dec_hex') => ({ name: `omron.tcp.${name}`, ...put('u32', title, { base }) });

export const omronFields = defineFields({
  magic: word32('magic', 'Magic Bytes', 'hex'),
  length: word32('length', 'Length', 'dec_hex'),
  tcpCommand: word32('command', 'Command', 'hex'),
  error: word32('error_code', 'Error Code', 'hex'),
  clientNode: word32('client_node_address', 'Client Node Address', 'dec_hex'),
  serverNode: word32('server_node_address', 'Server Node Address', 'dec_hex'),
  icf: byte('icf', 'OMRON ICF Field'),
  gateway: byte('icf.gwb', 'Gateway bit', 0x80),
  dataType: byte('icf.dtb', 'Data Type bit', 0x40),
  responseSetting: byte('icf.rsb', 'Response setting bit', 0x01),
  reserved: byte('rsv', 'Reserved'),
  gateways: byte('gct', 'Gateway Count'),
  dna: byte('dna', 'Destination network address'),
  da1: byte('da1', 'Destination node number'),
  da2: byte('da2', 'Destination unit address'),
  sna: byte('sna', 'Source network address'),
  sa1: byte('sa1', 'Source node number'),
  sa2: byte('sa2', 'Source unit address'),
  sid: byte('sid', 'Service ID'),
  command: { name: 'omron.command', ...put('u16', 'Command CODE', { base: 'hex' }) },
  response: { name: 'omron.response.code', ...put('u16', 'Response code', { base: 'hex' }) },
  area: byte('memory.area.read', 'Memory Area Code'),
  address: { name: 'omron.memory.address', ...put('u16', 'Beginning address', { base: 'hex' }) },
  addressBits: byte('memory.address.bits', 'Beginning address bits'),
  items: { name: 'omron.memory.numitems', ...put('u16', 'Number of items') },
  responseData: { name: 'omron.response.data', ...put('bytes', 'Response data') },
});
const F = omronFields;

const TCP = 6;
const FINS = 0x46494e53;
const TCP_HEAD_LEN = 16;
const SEND_FRAME = 2;
const IS_RESPONSE = 0x40;
const MEMORY_AREA_READ = 0x0101;
const TCP_HEAD: FieldRun = [[F.magic, 4], [F.length, 4], [F.tcpCommand, 4], [F.error, 4]];
const HEAD: FieldRun = [
  [F.icf, 1, true], [F.gateway, 1, true], [F.dataType, 1, true], [F.responseSetting, 1], [F.reserved, 1], [F.gateways, 1], [F.dna, 1], [F.da1, 1], [F.da2, 1],
  [F.sna, 1], [F.sa1, 1], [F.sa2, 1], [F.sid, 1], [F.command, 2],
];
const READ: FieldRun = [[F.area, 1], [F.address, 2], [F.addressBits, 1], [F.items, 2]];
const RESPONSE: FieldRun = [[F.response, 2]];

/** Omron FINS over UDP, and over TCP behind a head of its own. */
export default defineDissector({
  name: 'omron',
  title: 'OMRON FINS Protocol',
  spec: ['Omron W342, Communications Commands Reference Manual'],
  over: { 'tcp.port': [9600], 'udp.port': [9600] },
  fields: omronFields,
  stream: true,
  short: 'OMRON',
  dissect(p, at, end) {
    if (p.ipProto !== TCP) return putFrame(p, at, end) ? DONE : cutShort(p, end);
    if (end - at < TCP_HEAD_LEN) {
      const wait = p.more(TCP_HEAD_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    if (u32be(p.bytes, at) !== FINS) return DECLINE;
    const wait = wholePdu(p, at, 8 + u32be(p.bytes, at + 4));
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    const body = putRun(p, at, stop, TCP_HEAD);
    if (body < 0) return cutShort(p, stop);
    if (u32be(p.bytes, at + 8) === SEND_FRAME) return putFrame(p, body, stop) ? DONE : cutShort(p, stop);
    if (body + 4 <= stop) p.put(F.clientNode, body, 4);
    if (body + 8 <= stop) p.put(F.serverNode, body + 4, 4);
    return DONE;
  },
});

function putFrame(p: PacketView, at: number, end: number): boolean {
  const body = putRun(p, at, end, HEAD);
  if (body < 0) return false;
  const isRead = u16be(p.bytes, body - 2) === MEMORY_AREA_READ;
  if ((p.bytes[at] & IS_RESPONSE) === 0) return !isRead || putRun(p, body, end, READ) >= 0;
  const data = putRun(p, body, end, RESPONSE);
  if (isRead && data >= 0 && data < end) p.put(F.responseData, data, end - data);
  return data >= 0;
}
