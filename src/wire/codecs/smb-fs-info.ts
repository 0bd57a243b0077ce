import { u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { putAll, putFileTime, putUtf16 } from './windows-values.ts';

/** What a volume says of itself (MS-FSCC §2.5), by level: SMB1 and SMB2 share the structures. */
export function putFsInfo(p: PacketView, level: number, at: number, end: number): void {
  const b = p.bytes;
  const size = end - at;
  switch (level) {
    case 1:
      if (size < 18) return;
      putFileTime(p, F.createTime, at);
      p.put(F.volumeSerial, at + 8, 4);
      p.put(F.volumeLabelLen, at + 12, 4);
      putUtf16(p, F.volumeLabel, at + 18, Math.min(u32le(b, at + 12), size - 18));
      break;
    case 3:
      if (size < 24) return;
      p.put(F.allocSize64, at, 8);
      p.put(F.freeAllocUnits, at + 8, 8);
      p.put(F.fsSectorPerUnit, at + 16, 4);
      p.put(F.fsBytesPerSector, at + 20, 4);
      break;
    case 4:
      if (size < 8) return;
      p.put(F.deviceType, at, 4);
      putAll(p, G.device, at + 4, 4);
      break;
    case 5:
      if (size < 12) return;
      putAll(p, G.fsAttr, at, 4);
      p.put(F.fsMaxNameLen, at + 4, 4);
      p.put(F.fsNameLen, at + 8, 4);
      putUtf16(p, F.fsName, at + 12, Math.min(u32le(b, at + 8), size - 12));
      break;
    case 7:
      if (size < 32) return;
      p.put(F.allocSize64, at, 8);
      p.put(F.callerFreeAllocUnits, at + 8, 8);
      p.put(F.actualFreeAllocUnits, at + 16, 8);
      p.put(F.fsSectorPerUnit, at + 24, 4);
      p.put(F.fsBytesPerSector, at + 28, 4);
      break;
  }
}
