import { defineFields, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';

/** Fields of CAPWAP's control and data channels. */
export const capwapFields = defineFields({
  headerLength: { name: 'capwap.header.length', ...put('u24', 'Header Length', { mask: 0xf80000 }) },
  headerRid: { name: 'capwap.header.rid', ...put('u24', 'Radio ID', { mask: 0x7c000 }) },
  headerWbid: { name: 'capwap.header.wbid', ...put('u24', 'Wireless Binding ID', { mask: 0x3e00 }) },
  headerFlags: { name: 'capwap.header.flags', ...put('u24', 'Header Flags', { base: 'hex', mask: 0x1ff }) },
  headerFlagsT: { name: 'capwap.header.flags.t', ...put('boolean', 'Payload Type', { mask: 0x100, size: 3 }) },
  headerFlagsF: { name: 'capwap.header.flags.f', ...put('boolean', 'Fragment', { mask: 0x80, size: 3 }) },
  headerFlagsL: { name: 'capwap.header.flags.l', ...put('boolean', 'Last Fragment', { mask: 0x40, size: 3 }) },
  headerFlagsW: { name: 'capwap.header.flags.w', ...put('boolean', 'Wireless header', { mask: 0x20, size: 3 }) },
  headerFlagsM: { name: 'capwap.header.flags.m', ...put('boolean', 'Radio MAC header', { mask: 0x10, size: 3 }) },
  headerFlagsK: { name: 'capwap.header.flags.k', ...put('boolean', 'Keep-Alive', { mask: 0x8, size: 3 }) },
  headerFlagsR: { name: 'capwap.header.flags.r', ...put('u24', 'Reserved', { base: 'hex', mask: 0x7 }) },
  headerFragmentId: { name: 'capwap.header.fragment.id', ...put('u16', 'Fragment ID') },
  headerFragmentOffset: { name: 'capwap.header.fragment.offset', ...put('u16', 'Fragment Offset', { mask: 0xfff8 }) },
  headerFragmentReserved: { name: 'capwap.header.fragment.reserved', ...put('u16', 'Reserved', { mask: 0x7 }) },
  preambleVersion: { name: 'capwap.preamble.version', ...put('u8', 'Version', { mask: 0xf0 }) },
  preambleType: { name: 'capwap.preamble.type', ...put('u8', 'Type', { mask: 0xf }) },
  preambleReserved: { name: 'capwap.preamble.reserved', ...put('u24', 'Reserved') },
  controlHeaderMessageType: { name: 'capwap.control.header.message_type', ...put('u32', 'Message Type') },
  controlHeaderSequenceNumber: { name: 'capwap.control.header.sequence_number', ...put('u8', 'Sequence Number') },
  controlHeaderMessageElementLength: { name: 'capwap.control.header.message_element_length', ...put('u16', 'Message Element Length') },
  controlHeaderFlags: { name: 'capwap.control.header.flags', ...put('u8', 'Flags') },
});
const F = capwapFields;

const HEAD = layout({
  1: [
    F.headerLength, F.headerRid, F.headerWbid, F.headerFlags, [F.headerFlagsT, 3], [F.headerFlagsF, 3], [F.headerFlagsL, 3], [F.headerFlagsW, 3], [F.headerFlagsM, 3],
    [F.headerFlagsK, 3], F.headerFlagsR,
  ],
  4: F.headerFragmentId, 6: [F.headerFragmentOffset, F.headerFragmentReserved],
});

/** Puts the header (RFC 5415 §4.3); returns where what it carries begins, -1 where it does not fit. */
export function putCapwapHeader(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, HEAD, at, end)) return -1;
  // The length counts words of four bytes.
  const next = at + 4 * (p.bytes[at + 1] >> 3);
  return next < at + HEAD.length || next > end ? -1 : next;
}
