import { smb2Session } from '../codecs/smb2-files-session.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { smb2Fields as F } from '../codecs/smb2-fields.ts';
import { SMB2_COMMANDS } from '../codecs/smb2-head.ts';
import { putCommand } from '../codecs/smb2-command.ts';

const PLAIN = 0xfe;
const ENCRYPTED = 0xfd;
const TRANSFORM_LEN = 52;

/** SMB 2 and 3: one command, or several in one message (a compound). */
export const smb2 = defineDissector({
  name: 'smb2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  spec: ['MS-SMB2'],
  over: { netbios: [2] },
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) return end < p.wireEnd ? p.tooShort(4) : DECLINE;
    if (b[at] === ENCRYPTED) return putTransform(p, at, end);
    if (b[at] !== PLAIN) return b[at] === 0xfc ? DONE : DECLINE;
    return putCommand(p, at, end);
  },
  sessions: [smb2Session],
  info: (row) => row.all(F.cmd).map((v, i) => `${SMB2_COMMANDS[Number(v) as keyof typeof SMB2_COMMANDS] ?? 'Unknown'} ${row.all(F.flagsResponse)[i] === '1' ? 'response' : 'request'}`).join('; '),
});

/** An encrypted message (MS-SMB2 §2.2.41). */
function putTransform(p: PacketView, at: number, end: number): number {
  if (end - at < TRANSFORM_LEN) return p.tooShort(TRANSFORM_LEN);
  p.put(F.headerTransformSignature, at + 4, 16);
  p.put(F.headerTransformNonce, at + 20, 16);
  p.put(F.headerTransformMsgSize, at + 36, 4);
  p.put(F.headerTransformReserved, at + 40, 2);
  p.put(F.headerTransformFlags, at + 42, 2);
  p.put(F.sesid, at + 44, 8);
  p.put(F.headerTransformEncData, at + TRANSFORM_LEN, end - at - TRANSFORM_LEN);
  return DONE;
}
export default smb2;
