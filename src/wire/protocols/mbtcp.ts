import { u16be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

// | transaction id | protocol id = 0 | length | unit id | function code, data
const PROTOCOL = 2;
const LENGTH = 4;
const UNIT = 6;
const HEADER_LEN = 7;

export const mbtcpFields = defineFields({
  transaction: { name: 'mbtcp.trans_id', ...fixed('u16', 0, 'Transaction Identifier') },
  protocol: { name: 'mbtcp.prot_id', ...fixed('u16', PROTOCOL, 'Protocol Identifier') },
  length: { name: 'mbtcp.len', ...fixed('u16', LENGTH, 'Length') },
  unit: { name: 'mbtcp.unit_id', ...fixed('u8', UNIT, 'Unit Identifier') },
});

/** Modbus over TCP: the header before each Modbus message. */
export const mbtcp = defineDissector({
  name: 'mbtcp',
  title: 'Modbus/TCP',
  spec: ['MODBUS Messaging on TCP/IP Implementation Guide V1.0b §3.1'],
  over: { 'tcp.port': [502] },
  fields: mbtcpFields,
  stream: true,
  short: 'Modbus/TCP',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN + 1) {
      const wait = p.more(0);
      return wait === DONE ? DECLINE : wait;
    }
    const length = u16be(p.bytes, at + LENGTH);
    if (u16be(p.bytes, at + PROTOCOL) !== 0 || length < 2) return DECLINE;
    const wait = wholePdu(p, at, UNIT + length);
    if (wait !== DONE) return wait;
    p.call(p.id('modbus'), at + HEADER_LEN, p.wireEnd);
    return DONE;
  },
});
export default mbtcp;
