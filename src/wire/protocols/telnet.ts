import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

const COMMANDS = {
  240: 'Suboption End', 241: 'No Operation', 242: 'Data Mark', 243: 'Break', 244: 'Interrupt Process', 245: 'Abort Output', 246: 'Are You There?',
  247: 'Escape Character', 248: 'Erase Line', 249: 'Go Ahead', 250: 'Suboption', 251: 'Will', 252: "Won't", 253: 'Do', 254: "Don't", 255: 'IAC',
} as const;

export const telnetFields = defineFields({
  cmd: { name: 'telnet.cmd', ...put('u8', 'Command', { values: COMMANDS }) },
  subcmd: { name: 'telnet.subcmd', ...put('u8', 'Subcommand') },
  data: { name: 'telnet.data', ...put('string', 'Data') },
  optionData: { name: 'telnet.option_data', ...put('bytes', 'Option data') },
  width: { name: 'telnet.naws_subopt.width', ...put('u16', 'Width') },
  height: { name: 'telnet.naws_subopt.height', ...put('u16', 'Height') },
  text: { name: 'telnet.string_subopt.value', ...put('string', 'Value') },
});
const F = telnetFields;

const IAC = 255;
const DONT = 254;
const SB = 250;
const WILL = 251;
const SE = 240;
const CR = 13;
const LF = 10;

const TERMINAL_TYPE = 24;
const WINDOW_SIZE = 31;
const DISPLAY = 35;
const IS = 0;

/** Telnet: text between commands that begin with 255. */
export const telnet = defineDissector({
  name: 'telnet',
  title: 'Telnet',
  spec: ['RFC 854', 'RFC 855', 'RFC 1073', 'RFC 1091'],
  over: { 'tcp.port': [23] },
  fields: telnetFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let text = at;
    let pos = at;
    while (pos < end) {
      if (b[pos] !== IAC) {
        pos++;
        continue;
      }
      // A doubled 255 is one in the text.
      if (pos + 1 < end && b[pos + 1] === IAC) {
        pos += 2;
        continue;
      }
      putText(p, text, pos);
      pos = putCommand(p, pos, end);
      if (pos > end) return unfit(p);
      text = pos;
    }
    putText(p, text, end);
    return DONE;
  },
  info: (row) => (row.has(F.data) ? row.text(F.data).trimEnd() : 'Telnet commands'),
});

/** Lines, each with its end. */
function putText(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let pos = at;
  while (pos < end) {
    let i = pos;
    while (i < end && b[i] !== CR && b[i] !== LF) i++;
    const next = i >= end ? end : i + 1 < end && b[i] === CR && (b[i + 1] === LF || b[i + 1] === 0) ? i + 2 : i + 1;
    p.put(F.data, pos, next - pos);
    pos = next;
  }
}

/** Returns where the command ends: beyond `end` where it is not whole. */
function putCommand(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (at + 1 >= end) return end + 1;
  const command = b[at + 1];
  p.put(F.cmd, at + 1, 1);
  if (command >= WILL && command <= DONT) {
    if (at + 2 < end) p.put(F.subcmd, at + 2, 1);
    return at + 3;
  }
  return command === SB ? putNegotiation(p, at, end) : at + 2;
}

/** `IAC SB option … IAC SE`. Returns where the end of it stands, which is a command of its own. */
function putNegotiation(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const option = at + 2;
  if (option >= end) return end + 1;
  p.put(F.subcmd, option, 1);
  let stop = option + 1;
  while (stop < end && !(b[stop] === IAC && (stop + 1 >= end || b[stop + 1] !== IAC))) stop += b[stop] === IAC ? 2 : 1;
  stop = Math.min(stop, end);
  putOption(p, b[option], option + 1, stop);
  return stop + 1 < end && b[stop + 1] !== SE ? stop + 2 : stop;
}

function putOption(p: PacketView, option: number, at: number, end: number): void {
  if (at >= end) return;
  if (option === WINDOW_SIZE && end - at >= 4) {
    p.put(F.width, at, 2);
    p.put(F.height, at + 2, 2);
  } else if (option === TERMINAL_TYPE || option === DISPLAY) {
    p.put(F.subcmd, at, 1);
    if (p.bytes[at] === IS && at + 1 < end) p.put(F.text, at + 1, end - at - 1);
  } else p.put(F.optionData, at, end - at);
}

export default telnet;
