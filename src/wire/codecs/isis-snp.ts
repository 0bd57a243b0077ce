import { defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { AUTHENTICATION, INSTANCE, isisTlvFields, LSP_ENTRIES, readCommon, readTlvs } from './isis-tlv.ts';
import { putSystemId, SYSTEM_ID_LEN } from './isis-id.ts';

// Sequence number units (ISO 10589 §9.10, §9.12): length 2, source 7; complete ones also the first and last identifier, 8 bytes each;
// then records with entries of 16 bytes: lifetime 2, identifier 8, sequence number 4, checksum 2.
const PARTIAL_LEN = 9;
const ENTRY_LEN = 16;
const LSP_ID_LEN = SYSTEM_ID_LEN + 2;

/** Fields of one of the two, under its own name. */
export function isisSnpFields(unit: string) {
  return {
    tlv: isisTlvFields(unit),
    own: defineFields({
      length: { name: `${unit}.pdu_length`, ...fixed('u16', 0, 'PDU length') },
      source: { name: `${unit}.source_id`, ...put('string', 'Source-ID') },
      circuit: { name: `${unit}.source_circuit`, ...put('bytes', 'Source-ID-Circuit') },
      first: { name: `${unit}.start_lsp_id`, ...put('string', 'Start LSP-ID') },
      last: { name: `${unit}.end_lsp_id`, ...put('string', 'End LSP-ID') },
      id: { name: `${unit}.lsp_id`, ...put('string', 'LSP-ID') },
      sequence: { name: `${unit}.lsp_seq_num`, ...put('u32', 'LSP Sequence Number', { base: 'hex' }) },
      lifetime: { name: `${unit}.lsp_remain_life`, ...put('u16', 'Remaining Lifetime') },
      checksum: { name: `${unit}.lsp_checksum`, ...put('u16', 'LSP checksum', { base: 'hex' }) },
      authentication: { name: `${unit}.authentication`, ...put('bytes', 'Authentication') },
    }),
  };
}

type SnpFields = ReturnType<typeof isisSnpFields>;

/** Reads one unit. */
export function readSnp(p: PacketView, at: number, end: number, { tlv, own: F }: SnpFields, isComplete: boolean, read: (p: PacketView, type: number, at: number, end: number) => void): number {
  const head = isComplete ? PARTIAL_LEN + 2 * LSP_ID_LEN : PARTIAL_LEN;
  if (end - at < head) return p.tooShort(head);
  putSystemId(p, F.source, at + 2, SYSTEM_ID_LEN);
  p.put(F.circuit, at + 8, 1);
  if (isComplete) {
    putSystemId(p, F.first, at + 9, LSP_ID_LEN);
    putSystemId(p, F.last, at + 17, LSP_ID_LEN);
  }
  return readTlvs(p, tlv, at + head, end, read) ? DONE : p.tooShort(end - at + 1);
}

/** Reads one of its records. */
export function readSnpTlv(p: PacketView, { tlv, own: F }: SnpFields, type: number, at: number, end: number): void {
  if (type === INSTANCE) readCommon(p, tlv, type, at, end);
  else if (type === AUTHENTICATION) {
    if (end > at + 1) p.put(F.authentication, at + 1, end - at - 1);
  } else if (type === LSP_ENTRIES) {
    for (let i = at; i + ENTRY_LEN <= end; i += ENTRY_LEN) {
      p.put(F.lifetime, i, 2);
      putSystemId(p, F.id, i + 2, LSP_ID_LEN);
      p.put(F.sequence, i + 10, 4);
      p.put(F.checksum, i + 14, 2);
    }
  }
}
