import { u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { rpcFields as F } from './rpc-fields.ts';

/** Reads XDR (RFC 4506) in order: every item is a multiple of four bytes. One reused object a reader; `failed` where bytes ran out. */
export class Xdr {
  at: number;
  end: number;
  failed: boolean;

  constructor() {
    this.at = 0;
    this.end = 0;
    this.failed = false;
  }

  begin(at: number, end: number): void {
    this.at = at;
    this.end = end;
    this.failed = false;
  }

  /** True where `bytes` more are there; else nothing more is read. */
  has(bytes: number): boolean {
    if (this.failed || this.at + bytes > this.end) this.failed = true;
    return !this.failed;
  }

  u32(p: PacketView, f: Field | undefined): number {
    if (!this.has(4)) return 0;
    if (f !== undefined) p.put(f, this.at, 4);
    this.at += 4;
    return u32be(p.bytes, this.at - 4);
  }

  u64(p: PacketView, f: Field | undefined): void {
    if (!this.has(8)) return;
    if (f !== undefined) p.put(f, this.at, 8);
    this.at += 8;
  }

  fixed(p: PacketView, f: Field | undefined, length: number): void {
    if (!this.has(length)) return;
    if (f !== undefined) p.put(f, this.at, length);
    this.at += (length + 3) & ~3;
  }

  /** Counted bytes or text, with the count and the padding that Wireshark shows. */
  opaque(p: PacketView, f: Field | undefined, shown = true): number {
    if (!this.has(4)) return 0;
    const length = u32be(p.bytes, this.at);
    if (shown) p.put(F.opaqueLength, this.at, 4);
    this.at += 4;
    if (!this.has(length)) return 0;
    if (f !== undefined) p.put(f, this.at, length);
    const padding = ((length + 3) & ~3) - length;
    if (padding > 0 && shown && this.at + length + padding <= this.end) p.put(F.fillBytes, this.at + length, padding);
    this.at += length + padding;
    return length;
  }
}
