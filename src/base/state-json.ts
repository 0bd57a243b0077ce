/**
 * Text of a state machine's state and back, without loss: a bigint (every `Nanos`) becomes `{"$n":"digits"}`.
 *
 * `canonicalJson` is for digests and gives up that difference; a state that is read back needs it. Keys are sorted, so that equal
 * states give equal text. `undefined` members are left out.
 */
export function encodeState(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'bigint') return { $n: String(member) };
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** The value that `encodeState` was given. Throws a SyntaxError for text that is not JSON. */
export function decodeState<T>(text: string): T {
  return JSON.parse(text, (_key, member: unknown) => {
    if (member === null || typeof member !== 'object') return member;
    const digits = (member as { $n?: unknown }).$n;
    return typeof digits === 'string' && Object.keys(member).length === 1 ? BigInt(digits) : member;
  }) as T;
}
