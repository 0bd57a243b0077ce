import { u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { putAll, putFileTime, putUtf16 } from './windows-values.ts';

const LEVEL = { DIRECTORY: 1, FULL: 2, BOTH: 3, NAMES: 0xc, ID_BOTH: 0x25, ID_FULL: 0x26 } as const;

/** Entries of a directory (MS-FSCC §2.4), each with the offset of the next. */
export function putFound(p: PacketView, level: number, from: number, end: number): void {
  const b = p.bytes;
  if (from >= end) return;
  p.put(F.findInfoBlob, from, end - from);
  const label = LABELS[level];
  if (label === undefined) return;
  for (let q = from; q + (level === LEVEL.NAMES ? 12 : 64) <= end;) {
    const next = u32le(b, q);
    p.put(label, q, next === 0 ? end - q : Math.min(next, end - q));
    p.put(F.nextOffset, q, 4);
    p.put(F.fileIndex, q + 4, 4);
    if (level === LEVEL.NAMES) {
      p.put(F.filenameLen, q + 8, 4);
      putUtf16(p, F.filename, q + 12, Math.min(u32le(b, q + 8), end - q - 12));
    } else putEntry(p, level, q, end);
    if (next < 12) return;
    q += next;
  }
}

const LABELS: Readonly<Record<number, typeof F.findFileDirectoryInfo>> = {
  [LEVEL.DIRECTORY]: F.findFileDirectoryInfo, [LEVEL.FULL]: F.findFullDirectoryInfo, [LEVEL.BOTH]: F.findBothDirectoryInfo, [LEVEL.NAMES]: F.findFileDirectoryInfo,
  [LEVEL.ID_BOTH]: F.findIdBothDirectoryInfo, [LEVEL.ID_FULL]: F.findIdBothDirectoryInfo,
};
/** Bytes from an entry's start to its name. */
const NAME_AT: Readonly<Record<number, number>> = { [LEVEL.DIRECTORY]: 64, [LEVEL.FULL]: 68, [LEVEL.BOTH]: 94, [LEVEL.ID_BOTH]: 104, [LEVEL.ID_FULL]: 80 };

function putEntry(p: PacketView, level: number, at: number, end: number): void {
  const b = p.bytes;
  putFileTime(p, F.createTime, at + 8);
  putFileTime(p, F.lastAccessTime, at + 16);
  putFileTime(p, F.lastWriteTime, at + 24);
  putFileTime(p, F.lastChangeTime, at + 32);
  p.put(F.eof, at + 40, 8);
  p.put(F.allocationSize, at + 48, 8);
  putAll(p, G.fileAttribute, at + 56, 4);
  p.put(F.filenameLen, at + 60, 4);
  const name = at + NAME_AT[level];
  if (name > end) return;
  if (level !== LEVEL.DIRECTORY) p.put(F.eaSize, at + 64, 4);
  if (level === LEVEL.BOTH || level === LEVEL.ID_BOTH) {
    p.put(F.shortNameLen, at + 68, 1);
    if (b[at + 68] > 0) putUtf16(p, F.shortname, at + 70, Math.min(b[at + 68], 24));
  }
  if (level === LEVEL.ID_BOTH) {
    p.put(F.reserved, at + 69, 1);
    p.put(F.reserved, at + 94, 2);
    p.put(F.fileId, at + 96, 8);
  } else if (level === LEVEL.ID_FULL) {
    p.put(F.reserved, at + 68, 4);
    p.put(F.fileId, at + 72, 8);
  }
  putUtf16(p, F.filename, name, Math.min(u32le(b, at + 60), end - name));
}
