/** Numbers of the severities and groups of expert information, as filters compare them. */
export const SEVERITY = { chat: 0x200000, note: 0x400000, warn: 0x600000, error: 0x800000 } as const;
export const GROUP: Readonly<Record<string, number>> = {
  checksum: 0x01000000, sequence: 0x02000000, response: 0x03000000, request: 0x04000000, undecoded: 0x05000000,
  reassemble: 0x06000000, malformed: 0x07000000, protocol: 0x09000000, security: 0x0a000000, comments: 0x0b000000,
  decryption: 0x0c000000, assumption: 0x0d000000, deprecated: 0x0e000000,
};

/** An oddity that the current packet has. */
export interface ExpertNote {
  readonly severity: 'chat' | 'note' | 'warn' | 'error';
  readonly group: string;
  /** The field's name (`tcp.analysis.retransmission`). */
  readonly name: string;
  /** The protocol in whose layer it was noted. */
  readonly protocol: string;
}
