/** Rows that one packet of live capture may sweep: at 5 us for a flow's record, a bit more than a millisecond, and the garbage of it. */
export const LIVE_SWEEP_BUDGET = 256;
