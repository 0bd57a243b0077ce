import { u16be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { ospfFields as F } from './ospf-fields.ts';

// Blocks that several messages of OSPF hold: options, and what follows a message behind its length.

export const OPTIONS_V2 = layout({ 0: [F.v2Options, F.v2OptionsDn, F.v2OptionsO, F.v2OptionsDc, F.v2OptionsL, F.v2OptionsN, F.v2OptionsMc, F.v2OptionsE, F.v2OptionsMt] });
/** Area-external routes of not-so-stubby areas have P where others have N (RFC 3101 §2.3). */
export const OPTIONS_V2_NSSA = layout({ 0: [F.v2Options, F.v2OptionsDn, F.v2OptionsO, F.v2OptionsDc, F.v2OptionsL, F.v2OptionsP, F.v2OptionsMc, F.v2OptionsE, F.v2OptionsMt] });
export const OPTIONS_V3 = layout({
  0: [
    F.v3Options, [F.v3OptionsAt, 3], [F.v3OptionsL, 3], [F.v3OptionsAf, 3], [F.v3OptionsDc, 3], [F.v3OptionsR, 3], [F.v3OptionsN, 3], [F.v3OptionsMc, 3],
    [F.v3OptionsE, 3], [F.v3OptionsV6, 3],
  ],
});
const EXTENDED_V2 = layout({ 0: [F.llsExtOptions, F.llsExtOptionsRs, F.llsExtOptionsLr] });
const EXTENDED_V3 = layout({ 0: [F.v3LlsExtOptions, F.v3LlsExtOptionsRs, F.v3LlsExtOptionsLr] });
const TRAILER = layout({ 0: F.atAuthType, 2: F.atAuthDataLen, 4: F.atReserved, 6: F.atSaId, 8: F.atCryptoSeqNbr });

const EXTENDED_OPTIONS = 1;
const CRYPTOGRAPHIC = 2;

/** Link-local signaling (RFC 5613 §2): checksum, length in words, TLVs. Returns where it ends. */
export function putLinkLocal(p: PacketView, version: number, at: number, end: number): number {
  if (end - at < 4) return end;
  const words = u16be(p.bytes, at + 2);
  p.put(F.llsChecksum, at, 2);
  p.putInt(F.llsDataLength, at + 2, 2, 4 * words);
  const blockEnd = Math.min(end, at + 4 * words);
  for (let i = at + 4; i + 4 <= blockEnd;) {
    const type = u16be(p.bytes, i);
    const length = u16be(p.bytes, i + 2);
    const next = i + 4 + ((length + 3) & ~3);
    p.put(F.tlvType, i, 2);
    p.put(F.tlvLength, i + 2, 2);
    if (type === EXTENDED_OPTIONS && i + 8 <= blockEnd) putLayout(p, version === 2 ? EXTENDED_V2 : EXTENDED_V3, i + 4, blockEnd);
    else if (type === CRYPTOGRAPHIC && version === 2 && length > 4 && i + 4 + length <= blockEnd) {
      p.put(F.v2LlsSequenceNumber, i + 4, 4);
      p.put(F.v2LlsAuthData, i + 8, length - 4);
    }
    i = next;
  }
  return blockEnd;
}

/** Authentication trailer of version 3 (RFC 7166 §4.1). */
export function putTrailer(p: PacketView, at: number, end: number): void {
  if (!putLayout(p, TRAILER, at, end)) return;
  const length = u16be(p.bytes, at + 2);
  if (length > TRAILER.length && at + length <= end) p.put(F.atAuthData, at + TRAILER.length, length - TRAILER.length);
}
