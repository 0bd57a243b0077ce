import type { FtpTransfer } from '../codecs/ftp-conversation.ts';
import { ftpDataFields } from '../codecs/ftp-fields.ts';
import { looksLikeText } from '../codecs/text-line.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = ftpDataFields;

/** File Transfer Protocol, data connection: found by what the control connection announced, or by port 20. */
export const ftpData = defineDissector({
  name: 'ftp-data',
  title: 'FTP Data',
  spec: ['RFC 959 §3.2'],
  over: { 'tcp.port': [20] },
  fields: F,
  dissect(p, at, end) {
    const transfer = p.trackers.expected.about(p.flow) as FtpTransfer | undefined;
    if (transfer !== undefined) putTransfer(p, at, end, transfer);
    else if (p.flow >= 0) {
      // Nobody announced it: it is set up by its own first packet.
      p.putInt(F.setupFrame, at, 0, p.trackers.conversations.firstFrame[p.flow]);
      part(p, F.setupFrame, end);
    }
    if (looksLikeText(p.bytes, at, end)) p.call(p.id('data-text-lines'), at, p.wireEnd);
    return DONE;
  },
  info: (row) => `FTP Data (${row.text(F.setupMethod)}) (${row.text(F.command)})`,
});

function putTransfer(p: PacketView, at: number, end: number, transfer: FtpTransfer): void {
  p.putInt(F.setupFrame, at, 0, transfer.setupFrame);
  part(p, F.setupFrame, end);
  if (p.wants(F.setupMethod)) p.putText(F.setupMethod, at, 0, transfer.setupMethod);
  part(p, F.setupMethod, end);
  if (transfer.commandFrame === 0) return;
  if (p.wants(F.command)) p.putText(F.command, at, 0, transfer.command);
  part(p, F.command, end);
  p.putInt(F.commandFrame, at, 0, transfer.commandFrame);
  part(p, F.commandFrame, end);
  if (p.wants(F.cwd)) p.putText(F.cwd, at, 0, transfer.cwd);
  part(p, F.cwd, end);
}

/** These stand beside the layer in the tree, not within. */
function part(p: PacketView, f: Field, end: number): void {
  p.call(p.id(f.name), end, end);
}

export default ftpData;
