import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';
import { createPipe } from './dcerpc-pipe.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { OPEN_DETAILS, type SmbTalk } from './smb-talk.ts';
import { putAll } from './windows-values.ts';

/** Puts a file id with what earlier frames said of it; `generated` where the bytes are the request's. */
export function putFid(p: PacketView, at: number, fid: number, talk: SmbTalk, closes = false, generated = false): void {
  p.putInt(F.fid, at, generated ? 0 : 2, fid);
  const file = talk.files.get(fid);
  if (file === undefined) return;
  p.putInt(F.fidOpenedIn, at, 0, file.frame);
  if (closes && file.closed === 0) file.closed = p.frame;
  if (file.closed !== 0) p.putInt(F.fidClosedIn, at, 0, file.closed);
  if (file.name !== '') p.putText(F.file, at, 0, file.name);
  if (file.details !== undefined) putDetails(p, file.details);
}

/** How the file was opened: bytes of an earlier frame. */
function putDetails(p: PacketView, details: Uint8Array): void {
  const source = p.derive(details, 'reassembled');
  if (source < 0) return;
  const { bytes, source: outer } = p;
  p.bytes = details;
  p.source = source;
  putAll(p, G.createFlags, OPEN_DETAILS.FLAGS, 4);
  putAll(p, G.accessMask, OPEN_DETAILS.ACCESS, 4);
  putAll(p, G.fileAttribute, OPEN_DETAILS.ATTRIBUTES, 4);
  putAll(p, G.shareAccess, OPEN_DETAILS.SHARE, 4);
  putAll(p, G.createOptions, OPEN_DETAILS.OPTIONS, 4);
  p.put(F.createDisposition, OPEN_DETAILS.DISPOSITION, 4);
  p.bytes = bytes;
  p.source = outer;
}

/** Bytes of a named pipe: DCE/RPC, or unknown. */
export function putPipeData(p: PacketView, at: number, end: number, fid: number): void {
  const transport = p.trackers.state('dcerpc.transport', 0, createPipe);
  transport.pipe = `smb ${fid}`;
  const verdict = p.call(p.id('dcerpc'), at, end);
  transport.pipe = '';
  if (verdict === DECLINE) p.call(p.id('data'), at, end);
}
