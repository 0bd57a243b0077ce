// Rates and times of 802.11 PHYs (IEEE 802.11-2020 §19.5, §21.5; 802.11ax §27.5), in Mb/s and microseconds.

const HT_20 = [6.5, 13, 19.5, 26, 39, 52, 58.5, 65] as const;
const HT_40 = [13.5, 27, 40.5, 54, 81, 108, 121.5, 135] as const;
/** Data bits a subcarrier, coding counted in, by the MCS index of High Efficiency. */
const HE_BITS = [0.5, 1, 1.5, 2, 3, 4, 4.5, 5, 6, 20 / 3, 7.5, 25 / 3] as const;
/** Data subcarriers by the bandwidth code. */
const HE_CARRIERS = [234, 468, 980, 1960] as const;
const HE_GUARD = [0.8, 1.6, 3.2] as const;

/** Rate of a High Throughput frame with equal modulation, NaN for the other indexes. */
export function htRate(mcs: number, is40: boolean, isShortGuard: boolean): number {
  if (mcs === 32 && is40) return isShortGuard ? 6.7 : 6;
  if (mcs > 31) return Number.NaN;
  const rate = (is40 ? HT_40 : HT_20)[mcs & 7] * ((mcs >> 3) + 1);
  return tenths(isShortGuard ? rate / 0.9 : rate);
}

/** Rate of a High Efficiency frame, NaN where its codes are not in the tables. */
export function heRate(mcs: number, streams: number, bandwidth: number, guard: number, isDual: boolean): number {
  if (mcs >= HE_BITS.length || bandwidth >= HE_CARRIERS.length || guard >= HE_GUARD.length) return Number.NaN;
  const rate = (HE_CARRIERS[bandwidth] * HE_BITS[mcs] * streams) / (12.8 + HE_GUARD[guard]);
  return tenths(isDual ? rate / 2 : rate);
}

/** Long training fields of a High Throughput frame of so many streams. */
export function htTraining(streams: number): number {
  return streams === 3 ? 4 : streams;
}

/** Rates are quoted to a tenth. */
function tenths(rate: number): number {
  return Math.round(10 * rate) / 10;
}

/** Bytes that a subframe takes in an A-MPDU: its delimiter, and padding to four (IEEE 802.11 §9.7.1). */
export function ampduBytes(bytes: number): number {
  return ((bytes + 3) & ~3) + 4;
}
