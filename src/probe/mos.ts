/** Quality of a call over a path: R of the E-model (ITU-T G.107) and the mean opinion score that follows from it. */
export interface CallQuality {
  /** 0 to 100. */
  readonly r: number;
  /** 1 (bad) to 4.5. */
  readonly mos: number;
}

/** Mean opinion score of an R (ITU-T G.107 annex B): R is kept within 0 to 100, outside of which the polynomial says nonsense. */
export function mosOfR(r: number): CallQuality {
  const kept = Math.min(100, Math.max(0, r));
  return { r: kept, mos: Math.max(1, 1 + 0.035 * kept + 7e-6 * kept * (kept - 60) * (100 - kept)) };
}

/**
 * The field's short cut: the round-trip time in milliseconds, its jitter counted twice, ten milliseconds for the codec, and two and a
 * half points for each percent of loss. An estimate for comparing paths, not for a codec.
 */
export function estimateMos(rttMs: number, jitterMs: number, lossRatio: number): CallQuality {
  const effective = rttMs + 2 * jitterMs + 10;
  const r = effective < 160 ? 93.2 - effective / 40 : 93.2 - (effective - 120) / 10;
  return mosOfR(r - 250 * lossRatio);
}

/** How a codec bears loss (ITU-T G.113 appendix I). */
export interface CodecImpairment {
  /** Impairment without loss. */
  readonly ie: number;
  /** Robustness against loss. */
  readonly bpl: number;
}

/** G.711 with concealment of lost packets. */
export const G711_PLC: CodecImpairment = { ie: 0, bpl: 25.1 };

/**
 * R of the E-model in its transmission-planning form: delay one way (mouth to ear) in milliseconds, loss as a share, and the ratio by
 * which loss comes in bursts (1 = at random).
 */
export function ratePath(oneWayMs: number, lossRatio: number, codec: CodecImpairment = G711_PLC, burstRatio = 1): CallQuality {
  const delay = 0.024 * oneWayMs + (oneWayMs > 177.3 ? 0.11 * (oneWayMs - 177.3) : 0);
  const loss = lossRatio * 100;
  const equipment = codec.ie + (95 - codec.ie) * (loss / (loss / burstRatio + codec.bpl));
  return mosOfR(93.2 - delay - equipment);
}
