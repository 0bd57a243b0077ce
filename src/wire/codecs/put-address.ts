import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';

/** Puts an address that stands in the packet as text, or is known from elsewhere. */
export function putAddress(p: PacketView, f: Field, address: Uint8Array): void {
  if (!p.wants(f)) return;
  const { source } = p;
  const decoded = p.derive(address, 'decoded');
  if (decoded < 0) return;
  p.source = decoded;
  p.put(f, 0, address.length);
  p.source = source;
}
