/** Types of ICMP (RFC 792, RFC 950, RFC 1256) that ask or answer, each with its counterpart. */
const ICMP4: Readonly<Record<number, number>> = { 0: 8, 8: 0, 9: 10, 10: 9, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 };
/** The same for ICMPv6 (RFC 4443, RFC 2710, RFC 4861, RFC 4620, RFC 6275). */
const ICMP6: Readonly<Record<number, number>> = {
  128: 129, 129: 128, 130: 131, 131: 130, 133: 134, 134: 133, 135: 136, 136: 135, 139: 140, 140: 139, 144: 145, 145: 144,
};

function table(pairs: Readonly<Record<number, number>>): Int16Array {
  const out = new Int16Array(256).fill(-1);
  for (const [type, answer] of Object.entries(pairs)) out[Number(type)] = answer;
  return out;
}

const ANSWERS_4 = table(ICMP4);
const ANSWERS_6 = table(ICMP6);

/** Type that answers `type` (or that it answers), -1 where the type goes one way. `proto` is 1 or 58. */
export function icmpAnswer(proto: number, type: number): number {
  return proto === 1 ? ANSWERS_4[type & 255] : ANSWERS_6[type & 255];
}
