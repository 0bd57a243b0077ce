import { u16be } from '../../base/bytes.ts';
import { tftpSession } from '../codecs/tftp-session.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const UDP = 17;
const PORT = 69;
const READ = 1;
const WRITE = 2;
const DATA = 3;
const ACKNOWLEDGEMENT = 4;
const ERROR = 5;
const OPTIONS = 6;
const LAST_BLOCK = 0xffff;

const OPCODES = { 1: 'Read Request', 2: 'Write Request', 3: 'Data Packet', 4: 'Acknowledgement', 5: 'Error Code', 6: 'Option Acknowledgement' } as const;
const ERRORS = {
  0: 'Not defined', 1: 'File not found', 2: 'Access violation', 3: 'Disk full or allocation exceeded', 4: 'Illegal TFTP Operation', 5: 'Unknown transfer ID',
  6: 'File already exists', 7: 'No such user', 8: 'Option negotiation failed',
} as const;

export const tftpFields = defineFields({
  opcode: { name: 'tftp.opcode', ...fixed('u16', 0, 'Opcode', { values: OPCODES }) },
  source: { name: 'tftp.source_file', ...put('string', 'Source File') },
  destination: { name: 'tftp.destination_file', ...put('string', 'Destination File') },
  request: { name: 'tftp.request_frame', ...put('framenum', 'Request frame') },
  mode: { name: 'tftp.type', ...put('string', 'Type') },
  block: { name: 'tftp.block', ...put('u16', 'Block') },
  fullBlock: { name: 'tftp.block.full', ...put('u32', 'Full Block Number') },
  errorCode: { name: 'tftp.error.code', ...put('u16', 'Error code', { values: ERRORS }) },
  errorMessage: { name: 'tftp.error.message', ...put('string', 'Error message') },
  optionName: { name: 'tftp.option.name', ...put('string', 'Option name') },
  optionValue: { name: 'tftp.option.value', ...put('string', 'Option value') },
  data: { name: 'tftp.data', ...put('bytes', 'Data') },
  error: { name: 'tftp.error', ...put('none', 'TFTP ERROR packet') },
  wrap: { name: 'tftp.block.wrap', ...put('none', 'TFTP block number is about to wrap') },
});
const F = tftpFields;

/** What a request says of the transfer, which is a conversation of its own. */
interface Announcement {
  readonly file: string;
  readonly frame: number;
}

/** Times that the block number went around, which is not sent. */
interface Transfer {
  rounds: number;
  last: number;
}
const createTransfer = (): Transfer => ({ rounds: 0, last: 0 });

/** Trivial file transfer: a request to port 69, and a transfer from the requester's port to one that the server chose. */
export const tftp = defineDissector({
  name: 'tftp',
  title: 'Trivial File Transfer Protocol',
  spec: ['RFC 1350 §5', 'RFC 2347'],
  over: { 'udp.port': [PORT] },
  fields: tftpFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    const opcode = u16be(b, at);
    const body = at + 2;
    if (opcode === READ || opcode === WRITE) {
      const name = textEnd(b, body, end);
      const mode = textEnd(b, Math.min(name + 1, end), end);
      p.put(opcode === READ ? F.source : F.destination, body, name - body);
      if (mode >= end || name >= end) return p.tooShort(end - at + 1);
      p.put(F.mode, name + 1, mode - name - 1);
      if (p.track && !p.quoted) announce(p, body, name);
      return putOptions(p, at, mode + 1, end);
    }
    putRequest(p, at);
    switch (opcode) {
      case DATA: case ACKNOWLEDGEMENT:
        if (end - at < 4) return p.tooShort(4);
        putBlock(p, body, opcode);
        if (opcode === DATA && p.wireEnd > body + 2) p.payload(body + 2, p.wireEnd);
        return DONE;
      case ERROR: {
        if (end - at < 4) return p.tooShort(4);
        p.put(F.errorCode, body, 2);
        const message = textEnd(b, body + 2, end);
        p.put(F.errorMessage, body + 2, message - body - 2);
        p.expert('warn', 'response', F.error.name, body, 2);
        return message < end ? DONE : p.tooShort(end - at + 1);
      }
      case OPTIONS: return putOptions(p, at, body, end);
      default:
        if (end > body) p.put(F.data, body, end - body);
        return DONE;
    }
  },
  sessions: [tftpSession],
  info: (row) => {
    const file = row.text(F.source) || row.text(F.destination);
    return [row.text(F.opcode), row.has(F.block) ? `block ${row.text(F.block)}` : row.has(F.errorMessage) ? row.text(F.errorMessage) : file].join(' ').trimEnd();
  },
});
export default tftp;

/** The NUL that ends the text at `at`; `end` where there is none. */
function textEnd(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== 0) i++;
  return i;
}

/** Pairs of names and values, each ended by NUL (RFC 2347). */
function putOptions(p: PacketView, start: number, at: number, end: number): number {
  for (let from = at; from < end; ) {
    const name = textEnd(p.bytes, from, end);
    const value = textEnd(p.bytes, Math.min(name + 1, end), end);
    if (value >= end) return p.tooShort(end - start + 1);
    p.put(F.optionName, from, name - from);
    p.put(F.optionValue, name + 1, value - name - 1);
    from = value + 1;
  }
  return DONE;
}

/** The server answers the requester's port from a port of its own (RFC 1350 §4). */
function announce(p: PacketView, at: number, end: number): void {
  const size = p.ipVersion === 6 ? 16 : 4;
  const about: Announcement = { file: p.host.latin1(p.bytes, at, end), frame: p.frame };
  p.trackers.expected.expect(UDP, p.network.slice(p.srcAt, p.srcAt + size), p.srcPort, p.network.slice(p.dstAt, p.dstAt + size), p.id('tftp'), about);
}

function putRequest(p: PacketView, at: number): void {
  if (p.flow < 0) return;
  const about = p.trackers.expected.about(p.flow) as Announcement | undefined;
  if (about === undefined) return;
  if (p.wants(F.destination)) p.putText(F.destination, at, 0, about.file);
  p.putInt(F.request, at, 0, about.frame);
}

function putBlock(p: PacketView, at: number, opcode: number): void {
  const block = u16be(p.bytes, at);
  p.put(F.block, at, 2);
  if (opcode === DATA && block === LAST_BLOCK) p.expert('note', 'sequence', F.wrap.name, at, 2);
  if (!p.detail || p.flow < 0 || p.trackers.expected.about(p.flow) === undefined) return;
  const transfer = p.trackers.state('tftp', p.flow, createTransfer);
  // A number that fell by half its range went around; one that rose so far belongs to the round before.
  const step = block - transfer.last;
  if (step < -0x8000) transfer.rounds++;
  const rounds = step > 0x8000 && transfer.rounds > 0 ? transfer.rounds - 1 : transfer.rounds;
  if (rounds === transfer.rounds) transfer.last = block;
  p.putInt(F.fullBlock, at, 0, rounds * 0x1_0000 + block);
}
