import type { Field } from '../../filter/field.ts';
import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';
import { smb2Fields as F } from './smb2-fields.ts';
import { isNtlm } from './gss-mechanisms.ts';
import { createPipe } from './dcerpc-pipe.ts';
import { PIPE } from './smb2-head.ts';
import type { Smb2Request, Smb2Session } from './smb2-talk.ts';
import { idKey } from './smb2-talk.ts';

/** Puts an offset from the header and a length, 2 or 4 bytes each, and returns where in the source that is. */
export function putOffsetLength(p: PacketView, at: number, offsetSize: number, lengthSize: number, head: number): number {
  const offset = offsetSize === 2 ? u16le(p.bytes, at) : u32le(p.bytes, at);
  p.put(F.olbOffset, at, offsetSize);
  p.put(F.olbLength, at + offsetSize, lengthSize);
  return head + offset;
}

/** Puts a file id and notes that the command is about it. */
export function putFile(p: PacketView, at: number, request: Smb2Request): void {
  p.put(F.fid, at, 16);
  request.file = idKey(p.bytes, at, 16);
}

/** Puts a blob and hands it to the protocol that reads it. */
export function callBlob(p: PacketView, f: Field, at: number, length: number, end: number, reader: string): void {
  if (length === 0 || at + length > p.wireEnd || at >= end) return;
  const to = Math.min(at + length, end);
  p.put(f, at, to - at);
  p.call(p.id(isNtlm(p.bytes, at, to) ? 'ntlmssp' : reader), at, to);
}

/** Bytes of a file: a pipe carries DCE/RPC, a disk's are data. */
export function putPipe(p: PacketView, at: number, to: number, session: Smb2Session, head: number, file: string, f: Field | undefined): void {
  if (f !== undefined && to > at && f !== F.writeData) p.put(f, at, Math.min(to, p.end) - at);
  const tree = session.trees.get(u32le(p.bytes, head + 36));
  // A tree whose connect was not captured may be one of pipes.
  if (tree === undefined || tree.shareType === PIPE) {
    const transport = p.trackers.state('dcerpc.transport', 0, createPipe);
    transport.pipe = file;
    const verdict = p.call(p.id('dcerpc'), at, to);
    transport.pipe = '';
    if (verdict !== DECLINE) return;
  }
  if (to > at) p.call(p.id('data'), at, to);
}
