import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';

//  0      1        2..3     4..5      6               7
// | type | status | length | channel | packet number | window |
const HEADER_LEN = 8;
const TYPES = {
  1: 'SQL batch', 2: 'Pre-TDS7 login', 3: 'Remote Procedure Call', 4: 'Response', 5: 'Unused', 6: 'Attention', 7: 'Bulk load data', 8: 'Federated authentication token',
  14: 'Transaction Manager Request', 15: 'TDS5 query', 16: 'TDS7 login', 17: 'SSPI message', 18: 'TDS7 pre-login message',
} as const;

const F = defineFields({
  type: { name: 'tds.type', ...fixed('u8', 0, 'Type', { values: TYPES }) },
  status: { name: 'tds.status', ...fixed('u8', 1, 'Status', { base: 'hex' }) },
  endOfMessage: { name: 'tds.status.eom', ...fixed('boolean', 1, 'End of message', { mask: 0x1 }) },
  ignore: { name: 'tds.status.ignore', ...fixed('boolean', 1, 'Ignore this event', { mask: 0x2 }) },
  eventNotification: { name: 'tds.status.event_notif', ...fixed('boolean', 1, 'Event notification', { mask: 0x4 }) },
  reset: { name: 'tds.status.reset_conn', ...fixed('boolean', 1, 'Reset connection', { mask: 0x8 }) },
  resetSkip: { name: 'tds.status.reset_conn_skip_tran', ...fixed('boolean', 1, 'Reset connection keeping transaction state', { mask: 0x10 }) },
  length: { name: 'tds.length', ...fixed('u16', 2, 'Length') },
  channel: { name: 'tds.channel', ...fixed('u16', 4, 'Channel') },
  number: { name: 'tds.packet_number', ...fixed('u8', 6, 'Packet Number') },
  window: { name: 'tds.window', ...fixed('u8', 7, 'Window') },
});

/** Tabular data streams of SQL Server and Sybase: the packets of each message. */
export const tds = defineDissector({
  name: 'tds',
  title: 'Tabular Data Stream',
  spec: ['MS-TDS §2.2.3'],
  over: { 'tcp.port': [1433, 2433] },
  stream: true,
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (!(b[at] in TYPES)) return DECLINE;
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at)) === MORE ? MORE : p.tooShort(HEADER_LEN);
    const length = u16be(b, at + 2);
    if (length < HEADER_LEN) return DECLINE;
    const next = at + length;
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => TYPES[row.num(F.type) as keyof typeof TYPES] ?? 'Unknown packet',
});
export default tds;
