import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Length of the head 2, delimiter 2 (0xefff), command 1, a byte and a word by command, two correlators 2; then two names of 16, or two
// session numbers.
const NAMES_LEN = 44;
const SESSION_LEN = 14;
const NAME_LEN = 16;
const DATAGRAM = 0x08;
const DATAGRAM_BROADCAST = 0x09;
const FIRST_SESSION_COMMAND = 0x0f;
const DATA_FIRST_MIDDLE = 0x15;
const DATA_ONLY_LAST = 0x16;
const LITTLE = { little: true } as const;
const COMMANDS = {
  0x00: 'Add Group Query', 0x01: 'Add Name Query', 0x02: 'Name in Conflict', 0x03: 'Status Query', 0x07: 'Terminate Trace', 0x08: 'Datagram', 0x09: 'Broadcast Datagram', 0x0a: 'Name Query',
  0x0d: 'Add Name Response', 0x0e: 'Name Recognized', 0x0f: 'Status Response', 0x13: 'Terminate Trace', 0x14: 'Data Ack', 0x15: 'Data First Middle', 0x16: 'Data Only Last',
  0x17: 'Session Confirm', 0x18: 'Session End', 0x19: 'Session Initialize', 0x1a: 'No Receive', 0x1b: 'Receive Outstanding', 0x1c: 'Receive Continue', 0x1f: 'Session Alive',
} as const;

export const netbiosFields = defineFields({
  length: { name: 'netbios.hdr_len', ...fixed('u16', 0, 'Length', LITTLE) },
  delimiter: { name: 'netbios.delimiter', ...fixed('u16', 2, 'Delimiter', { base: 'hex', ...LITTLE }) },
  command: { name: 'netbios.command', ...fixed('u8', 4, 'Command', { base: 'hex', values: COMMANDS }) },
  transmit: { name: 'netbios.xmit_corrl', ...put('u16', 'Transmit Correlator', { base: 'hex', ...LITTLE }) },
  response: { name: 'netbios.resp_corrl', ...put('u16', 'Response Correlator', { base: 'hex', ...LITTLE }) },
  callType: { name: 'netbios.call_name_type', ...put('u8', 'Caller\'s Name Type', { base: 'hex' }) },
  session: { name: 'netbios.local_session', ...put('u8', 'Local Session No.', { base: 'hex' }) },
  remoteSession: { name: 'netbios.remote_session', ...put('u8', 'Remote Session No.', { base: 'hex' }) },
  name: { name: 'netbios.nb_name', ...put('string', 'NetBIOS Name') },
  nameType: { name: 'netbios.nb_name_type', ...put('u8', 'NetBIOS Name Type', { base: 'hex' }) },
});
const F = netbiosFields;

/** NetBIOS on LLC: names, datagrams and sessions without a network. */
export const netbios = defineDissector({
  name: 'netbios',
  title: 'NetBIOS',
  short: 'NetBIOS',
  spec: ['IBM LAN Technical Reference, SC30-3587'],
  over: { 'llc.dsap': [0xf0], 'ppp.protocol': [0x003f] },
  fields: netbiosFields,
  dissect(p, at, end) {
    if (end - at < 5) return p.tooShort(5);
    const b = p.bytes;
    const command = b[at + 4];
    const length = u16le(b, at);
    const isSession = command >= FIRST_SESSION_COMMAND;
    const needed = isSession ? SESSION_LEN : NAMES_LEN;
    if (end - at < needed) return p.tooShort(needed);
    if (isSession) {
      p.put(F.remoteSession, at + 12, 1);
      p.put(F.session, at + 13, 1);
    } else {
      if (command === 0x0a || command === 0x0e) {
        p.put(F.session, at + 6, 1);
        p.put(F.callType, at + 7, 1);
      }
      if (command === 0x0d || command === 0x0e || command === 0x0f) p.put(F.transmit, at + 8, 2);
      if (command === 0x0a || command === 0x00 || command === 0x01) p.put(F.response, at + 10, 2);
      putName(p, at + 12);
      putName(p, at + 28);
    }
    p.payload(at + Math.max(length, needed), p.wireEnd);
    const hasSmb = command === DATAGRAM || command === DATAGRAM_BROADCAST || command === DATA_FIRST_MIDDLE || command === DATA_ONLY_LAST;
    const from = at + length;
    if (hasSmb && end - from >= 4 && b[from] === 0xff && b[from + 1] === 0x53 && b[from + 2] === 0x4d && b[from + 3] === 0x42) return p.id('smb');
    return DONE;
  },
  info: (row) => `${COMMANDS[row.num(F.command) as keyof typeof COMMANDS] ?? 'Unknown command'} ${row.text(F.name)}`,
});
export default netbios;

/** A name of fifteen characters, padded with spaces, and a byte that says what kind of program has it. */
function putName(p: PacketView, at: number): void {
  let length = NAME_LEN - 1;
  while (length > 0 && (p.bytes[at + length - 1] === 0x20 || p.bytes[at + length - 1] === 0)) length--;
  p.put(F.name, at, length);
  p.put(F.nameType, at + NAME_LEN - 1, 1);
}
