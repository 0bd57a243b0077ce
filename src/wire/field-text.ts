/** Seconds and nanoseconds as Wireshark writes spans and epochs: `1700000000.000000005`, with one sign for both. */
export function secondsText(seconds: number, nanoseconds: number, digits = 9): string {
  const negative = seconds < 0 || nanoseconds < 0;
  const fraction = String(Math.abs(nanoseconds)).padStart(9, '0');
  return `${negative ? '-' : ''}${Math.abs(seconds)}.${digits < 9 ? fraction.slice(0, digits) : fraction}`;
}
