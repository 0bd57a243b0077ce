import type { PacketView } from '../packet-view.ts';

/** PHY types as Wireshark numbers them (`wlan_radio.phy`). */
export const PHY_FHSS = 1;
export const PHY_B = 4;
export const PHY_A = 5;
export const PHY_G = 6;
export const PHY_N = 7;
export const PHY_AC = 8;
export const PHY_AX = 11;

/**
 * What the head of a capturing driver (radiotap, PPI, AVS, Prism) said of the radio, for `wlan_radio` and `wlan` to read. One a
 * reader, reused: `begin` forgets the frame before. -1, or NaN for numbers that may be negative, means that it was not said.
 */
export class RadioState {
  /** The head that spoke stands in this frame. */
  frame: number;
  phy: number;
  /** Mb/s. */
  rate: number;
  channel: number;
  frequency: number;
  signalDbm: number;
  signalDb: number;
  signalPercent: number;
  noiseDbm: number;
  noiseDb: number;
  /** Offset of the little-endian timestamp in the frame, -1 = none, and its value. */
  tsfAt: number;
  tsf: number;
  shortPreamble: number;
  /** Bytes of the check sequence at the end, -1 = unknown. */
  fcsLen: number;
  dataPad: boolean;
  turbo: number;
  mcs: number;
  bandwidth: number;
  shortGuard: number;
  greenfield: number;
  fec: number;
  stbc: number;
  ness: number;
  /** A-MPDU reference, -1 = none; flags 1 last, 2 delimiter damaged. */
  ampdu: number;
  ampduFlags: number;
  streams: number;
  /** Subtype of the management frame whose body is being read. */
  subtype: number;
  /** End of the last frame whose time was known, microseconds of the radio's clock; NaN before. */
  previousEnd: number;

  constructor() {
    this.frame = -1;
    this.phy = -1;
    this.rate = Number.NaN;
    this.channel = -1;
    this.frequency = -1;
    this.signalDbm = Number.NaN;
    this.signalDb = -1;
    this.signalPercent = -1;
    this.noiseDbm = Number.NaN;
    this.noiseDb = -1;
    this.tsfAt = -1;
    this.tsf = Number.NaN;
    this.shortPreamble = -1;
    this.fcsLen = -1;
    this.dataPad = false;
    this.turbo = 0;
    this.mcs = -1;
    this.bandwidth = -1;
    this.shortGuard = -1;
    this.greenfield = -1;
    this.fec = -1;
    this.stbc = -1;
    this.ness = -1;
    this.ampdu = -1;
    this.ampduFlags = 0;
    this.streams = 0;
    this.subtype = 0;
    this.previousEnd = Number.NaN;
  }

  begin(frame: number): void {
    this.frame = frame;
    this.phy = -1;
    this.rate = Number.NaN;
    this.channel = -1;
    this.frequency = -1;
    this.signalDbm = Number.NaN;
    this.signalDb = -1;
    this.signalPercent = -1;
    this.noiseDbm = Number.NaN;
    this.noiseDb = -1;
    this.tsfAt = -1;
    this.tsf = Number.NaN;
    this.shortPreamble = -1;
    this.fcsLen = -1;
    this.dataPad = false;
    this.turbo = 0;
    this.mcs = -1;
    this.bandwidth = -1;
    this.shortGuard = -1;
    this.greenfield = -1;
    this.fec = -1;
    this.stbc = -1;
    this.ness = -1;
    this.ampdu = -1;
    this.ampduFlags = 0;
    this.streams = 0;
  }
}

const create = (): RadioState => new RadioState();

/** The reader's one radio state. */
export function radioState(p: PacketView): RadioState {
  return p.trackers.state('wlan_radio', 0, create);
}

/** Channel number of a frequency in MHz (IEEE 802.11 annex E), -1 where it is none. */
export function channelOf(mhz: number): number {
  if (mhz === 2484) return 14;
  if (mhz >= 2412 && mhz <= 2472) return (mhz - 2407) / 5;
  if (mhz > 5950 && mhz <= 7125) return (mhz - 5950) / 5;
  if (mhz >= 5000 && mhz < 5925) return (mhz - 5000) / 5;
  return mhz >= 4910 && mhz <= 4980 ? (mhz - 4000) / 5 : -1;
}

/** PHY type by the channel's flags, as radiotap and PPI write them: -1 where they do not say. */
export function phyOfChannel(flags: number): number {
  if ((flags & 0x0480) === 0x0480) return PHY_G;
  if ((flags & 0x00a0) === 0x00a0) return PHY_B;
  if ((flags & 0x00c0) === 0x00c0) return PHY_G;
  if ((flags & 0x0140) === 0x0140) return PHY_A;
  return (flags & 0x0880) === 0x0880 ? PHY_FHSS : -1;
}

/** True for the four rates of 802.11 and 802.11b. */
export function isDsssRate(rate: number): boolean {
  return rate === 1 || rate === 2 || rate === 5.5 || rate === 11;
}
