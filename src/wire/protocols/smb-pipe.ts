import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const FUNCTIONS = {
  0x01: 'SetNmPipeState', 0x11: 'RawReadNmPipe', 0x21: 'QNmPipeState', 0x22: 'QNmPipeInfo', 0x23: 'PeekNmPipe', 0x26: 'TransactNmPipe', 0x31: 'RawWriteNmPipe',
  0x36: 'ReadNmPipe', 0x37: 'WriteNmPipe', 0x53: 'WaitNmPipe', 0x54: 'CallNmPipe',
} as const;

const F = defineFields({
  function: { name: 'smb_pipe.function', ...put('u16', 'Function', { base: 'hex', little: true, values: FUNCTIONS }) },
});

/** A transaction on a named pipe: its function, and a heading of its own in the hierarchy. */
export const smbPipe = defineDissector({
  name: 'smb_pipe',
  title: 'SMB Pipe Protocol',
  spec: ['MS-CIFS §2.2.5'],
  over: {},
  short: 'SMB Pipe',
  column: 'SMB Pipe',
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    if (end - at >= 2) {
      const f = u16le(p.bytes, at);
      p.putInt(F.function, at, 2, f);
    }
    return DONE;
  },
});
export default smbPipe;
