import { i8, u16le, u32le } from '../../base/bytes.ts';
import { namedFields, putBits } from '../bit-fields.ts';
import * as B from '../codecs/radiotap-fields.ts';
import { HE_FIELDS, putHe } from '../codecs/radiotap-he.ts';
import type { RadioState } from '../codecs/radio-state.ts';
import { channelOf, isDsssRate, phyOfChannel, PHY_A, PHY_AC, PHY_AX, PHY_B, PHY_N, radioState } from '../codecs/radio-state.ts';
import { htRate, heRate } from '../codecs/wlan-rates.ts';
import { defineDissector } from '../define-dissector.ts';
import { MALFORMED, type PacketView } from '../packet-view.ts';

const F = B.radiotapFields;
const HEADER_LEN = 8;
const EXT = 0x80000000;
const RADIOTAP_NEXT = 0x20000000;
const VENDOR_NEXT = 0x40000000;
const VENDOR_LEN = 6;
/** Alignment and size of each value by its bit; size 0 = not one that we know, and nothing behind it can be found. */
const ALIGN = [8, 1, 1, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 4, 1, 4, 2, 8, 2, 2, 2, 1, 2, 0] as const;
const SIZE = [8, 1, 1, 4, 2, 1, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 8, 3, 8, 12, 12, 12, 12, 6, 1, 4, 0] as const;

/** Head that a monitoring interface puts before 802.11 frames: how each was received or sent. */
export const radiotap = defineDissector({
  name: 'radiotap',
  title: 'IEEE 802.11 Radiotap Capture header',
  short: '802.11 Radiotap',
  column: 'Radiotap',
  spec: ['radiotap.org'],
  over: { link: [127] },
  fields: {
    ...F,
    ...namedFields(B.PRESENT, B.PRESENT_NEXT, B.FLAGS, B.CHANNEL_FLAGS, B.XCHANNEL_FLAGS, B.RX_FLAGS, B.TX_FLAGS, B.MCS_KNOWN, B.AMPDU_FLAGS, B.LSIG_KNOWN, B.LSIG, B.VHT_KNOWN, HE_FIELDS),
  },
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u16le(b, at + 2);
    if (length < HEADER_LEN) {
      p.expert('error', 'malformed', 'radiotap.length.invalid', at + 2, 2);
      return MALFORMED;
    }
    const radio = radioState(p);
    radio.begin(p.frame);
    if (at + length > end) return p.tooShort(length);
    const headEnd = at + length;
    // Words of present flags follow each other as long as each says so.
    let words = at + 4;
    for (;;) {
      p.put(F.word, words, 4);
      const last = (u32le(b, words) & EXT) === 0;
      words += 4;
      if (last) break;
      if (words + 4 > headEnd) break;
    }
    p.put(F.present, at + 4, words - at - 4);
    let from = words;
    let isRadiotap = true;
    let bitOf = 0;
    for (let w = at + 4; w < words && from >= 0; w += 4) {
      const word = u32le(b, w);
      if (isRadiotap && bitOf === 0) putBits(p, B.PRESENT, w, 4);
      putBits(p, B.PRESENT_NEXT, w, 4);
      if (isRadiotap && bitOf === 0) from = values(p, radio, word, at, from, headEnd);
      bitOf = 1;
      if ((word & RADIOTAP_NEXT) !== 0) {
        isRadiotap = true;
        bitOf = 0;
      } else if ((word & VENDOR_NEXT) !== 0) {
        isRadiotap = false;
        if (from >= 0) from = vendor(p, at, from, headEnd);
      }
    }
    settlePhy(radio);
    p.payload(headEnd, p.wireEnd);
    return p.id('wlan_radio');
  },
  info: () => 'Radio head without a frame',
});
export default radiotap;

/** Reads the values of one word; where the next one would begin, -1 where that cannot be told. */
function values(p: PacketView, radio: RadioState, word: number, start: number, from: number, headEnd: number): number {
  let at = from;
  for (let bit = 0; bit < 29; bit++) {
    if (((word >>> bit) & 1) === 0) continue;
    const size = SIZE[bit];
    if (size === 0) return -1;
    const align = ALIGN[bit];
    at = start + ((at - start + align - 1) & -align);
    if (at + size > headEnd) {
      p.expert('error', 'malformed', 'radiotap.data_past_header', at, 0);
      return -1;
    }
    value(p, radio, bit, at);
    at += size;
  }
  return at;
}

function vendor(p: PacketView, start: number, from: number, headEnd: number): number {
  const at = start + ((from - start + 1) & -2);
  if (at + VENDOR_LEN > headEnd) return -1;
  const length = u16le(p.bytes, at + 4);
  p.put(F.vendor, at, Math.min(VENDOR_LEN + length, headEnd - at));
  p.put(F.vendorOui, at, 3);
  p.put(F.vendorSub, at + 3, 1);
  p.put(F.vendorLength, at + 4, 2);
  p.put(F.vendorData, at + VENDOR_LEN, Math.min(length, headEnd - at - VENDOR_LEN));
  return at + VENDOR_LEN + length;
}

function value(p: PacketView, radio: RadioState, bit: number, at: number): void {
  const b = p.bytes;
  switch (bit) {
    case 0:
      p.put(F.tsft, at, 8);
      radio.tsfAt = at;
      radio.tsf = u32le(b, at) + 4294967296 * u32le(b, at + 4);
      return;
    case 1:
      p.put(F.flags, at, 1);
      putBits(p, B.FLAGS, at, 1);
      radio.shortPreamble = (b[at] >> 1) & 1;
      radio.fcsLen = (b[at] & 0x10) !== 0 ? 4 : 0;
      radio.dataPad = (b[at] & 0x20) !== 0;
      radio.shortGuard = b[at] >> 7;
      return;
    case 2:
      radio.rate = b[at] / 2;
      p.putInt(F.rate, at, 1, radio.rate);
      return;
    case 3:
      p.put(F.frequency, at, 2);
      p.put(F.channelFlags, at + 2, 2);
      putBits(p, B.CHANNEL_FLAGS, at + 2, 2);
      channel(radio, u16le(b, at), u16le(b, at + 2));
      return;
    case 4:
      p.put(F.hopSet, at, 1);
      p.put(F.hopPattern, at + 1, 1);
      return;
    case 5:
      p.put(F.signalDbm, at, 1);
      radio.signalDbm = i8(b, at);
      return;
    case 6:
      p.put(F.noiseDbm, at, 1);
      radio.noiseDbm = i8(b, at);
      return;
    case 7: p.put(F.quality, at, 2); return;
    case 8: p.put(F.txAttenuation, at, 2); return;
    case 9: p.put(F.dbTxAttenuation, at, 2); return;
    case 10: p.put(F.txPower, at, 1); return;
    case 11: p.put(F.antenna, at, 1); return;
    case 12:
      p.put(F.signalDb, at, 1);
      radio.signalDb = b[at];
      return;
    case 13:
      p.put(F.noiseDb, at, 1);
      radio.noiseDb = b[at];
      return;
    case 14:
      p.put(F.rxFlags, at, 2);
      putBits(p, B.RX_FLAGS, at, 2);
      return;
    case 15:
      p.put(F.txFlags, at, 2);
      putBits(p, B.TX_FLAGS, at, 2);
      return;
    case 17: p.put(F.retries, at, 1); return;
    case 18:
      p.put(F.xFlags, at, 4);
      putBits(p, B.XCHANNEL_FLAGS, at, 4);
      p.put(F.xFrequency, at + 4, 2);
      p.put(F.xChannel, at + 6, 1);
      channel(radio, u16le(b, at + 4), u16le(b, at));
      return;
    case 19: mcs(p, radio, at); return;
    case 20: ampdu(p, radio, at); return;
    case 21:
      p.put(F.vht, at, 12);
      putBits(p, B.VHT_KNOWN, at, 2);
      radio.phy = PHY_AC;
      return;
    case 22:
      p.put(F.timestamp, at, 12);
      p.put(F.timestampValue, at, 8);
      if ((b[at + 11] & 2) !== 0) p.put(F.timestampAccuracy, at + 8, 2);
      p.put(F.timestampUnit, at + 10, 1);
      p.put(F.timestampPosition, at + 10, 1);
      p.put(F.timestamp32, at + 11, 1);
      p.put(F.timestampAccurate, at + 11, 1);
      return;
    case 23:
      putHe(p, at);
      radio.phy = PHY_AX;
      radio.rate = heRate((b[at + 5] & 0x0f), b[at + 10] & 0x0f, b[at + 8] & 0x0f, (b[at + 8] >> 4) & 3, (b[at + 5] & 0x10) !== 0);
      return;
    case 26: p.put(F.zeroLength, at, 1); return;
    case 27:
      putBits(p, B.LSIG_KNOWN, at, 2);
      putBits(p, B.LSIG, at + 2, 2);
  }
}

function channel(radio: RadioState, frequency: number, flags: number): void {
  radio.frequency = frequency;
  radio.channel = channelOf(frequency);
  if (radio.phy < 0) radio.phy = phyOfChannel(flags);
}

function mcs(p: PacketView, radio: RadioState, at: number): void {
  const b = p.bytes;
  const known = b[at];
  const flags = b[at + 1];
  radio.phy = PHY_N;
  p.put(F.mcs, at, 3);
  p.put(F.mcsKnown, at, 1);
  putBits(p, B.MCS_KNOWN, at, 1);
  radio.shortGuard = -1;
  if ((known & 0x40) !== 0) p.put(F.mcsNessHigh, at, 1);
  if ((known & 0x01) !== 0) {
    p.put(F.mcsBandwidth, at + 1, 1);
    radio.bandwidth = flags & 3;
  }
  if ((known & 0x04) !== 0) {
    p.put(F.mcsGuard, at + 1, 1);
    radio.shortGuard = (flags >> 2) & 1;
  }
  if ((known & 0x08) !== 0) {
    p.put(F.mcsFormat, at + 1, 1);
    radio.greenfield = (flags >> 3) & 1;
  }
  if ((known & 0x10) !== 0) {
    p.put(F.mcsFec, at + 1, 1);
    radio.fec = (flags >> 4) & 1;
  }
  if ((known & 0x20) !== 0) {
    p.put(F.mcsStbc, at + 1, 1);
    radio.stbc = (flags >> 5) & 3;
  }
  if ((known & 0x40) !== 0) {
    p.put(F.mcsNessLow, at + 1, 1);
    radio.ness = ((known >> 6) & 2) | (flags >> 7);
  }
  if ((known & 0x02) !== 0) {
    p.put(F.mcsIndex, at + 2, 1);
    radio.mcs = b[at + 2];
    if ((known & 0x05) === 0x05) {
      radio.rate = htRate(radio.mcs, radio.bandwidth === 1, radio.shortGuard === 1);
      p.putInt(F.rate, at, 0, radio.rate);
    }
  }
}

function ampdu(p: PacketView, radio: RadioState, at: number): void {
  const flags = u16le(p.bytes, at + 4);
  p.put(F.ampdu, at, 8);
  p.put(F.ampduReference, at, 4);
  p.put(F.ampduFlags, at + 4, 2);
  putBits(p, B.AMPDU_FLAGS, at + 4, 2);
  if ((flags & 0x20) !== 0) p.put(F.ampduCrc, at + 6, 1);
  radio.ampdu = u32le(p.bytes, at);
  radio.ampduFlags = ((flags & 0x0c) === 0x0c ? 1 : 0) | ((flags & 0x10) !== 0 ? 2 : 0);
}

/** Where no channel said it, the rate tells b from a; a rate of b on a mixed channel is b. */
function settlePhy(radio: RadioState): void {
  const { phy, rate } = radio;
  if (Number.isNaN(rate) || phy >= PHY_N) return;
  if (isDsssRate(rate) && (phy < 0 || phy > PHY_A)) radio.phy = PHY_B;
}
