import type { Host } from './host.ts';

/** Text under way as UTF-8 in one reused array: a line of fields made of strings would be a dozen objects for each packet. */
export class TextBytes {
  length = 0;
  #bytes = new Uint8Array(4096);

  clear(): void {
    this.length = 0;
  }

  /** What has been written so far. */
  text(host: Host): string {
    return host.utf8(this.#bytes, 0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = value;
  }

  /** Text of any characters. */
  put(text: string, host: Host): void {
    const n = text.length;
    if (this.length + n > this.#bytes.length) this.#grow(n);
    const b = this.#bytes;
    const at = this.length;
    for (let i = 0; i < n; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x80) {
        this.#putBytes(host.encodeUtf8(text));
        return;
      }
      b[at + i] = c;
    }
    this.length = at + n;
  }

  /** Text as a JSON string (RFC 8259 §7), the same as `JSON.stringify` writes it. */
  jsonString(text: string, host: Host): void {
    const n = text.length;
    if (this.length + n + 2 > this.#bytes.length) this.#grow(n + 2);
    const b = this.#bytes;
    const at = this.length + 1;
    for (let i = 0; i < n; i++) {
      const c = text.charCodeAt(i);
      if (c < 0x20 || c >= 0x7f || c === 0x22 || c === 0x5c) {
        this.put(JSON.stringify(text), host);
        return;
      }
      b[at + i] = c;
    }
    b[at - 1] = 0x22;
    b[at + n] = 0x22;
    this.length = at + n + 1;
  }

  /** A whole number in decimal digits; up to 2^53, negative too. */
  number(value: number, host: Host): void {
    if (value < 0 || value > 0x7fffffff || !Number.isInteger(value)) {
      this.put(String(value), host);
      return;
    }
    if (this.length + 10 > this.#bytes.length) this.#grow(10);
    let v = value | 0;
    let digits = 1;
    for (let limit = 10; digits < 10 && v >= limit; limit *= 10) digits++;
    const b = this.#bytes;
    for (let i = this.length + digits - 1; i > this.length; i--) {
      const tenth = (v / 10) | 0;
      b[i] = 48 + v - 10 * tenth;
      v = tenth;
    }
    b[this.length] = 48 + v;
    this.length += digits;
  }

  /** Four bytes as a dotted quad. */
  ipv4(from: Uint8Array, at: number): void {
    if (this.length + 15 > this.#bytes.length) this.#grow(15);
    const b = this.#bytes;
    let n = this.length;
    for (let i = 0; i < 4; i++) {
      const v = from[at + i];
      if (i > 0) b[n++] = 46;
      if (v >= 100) {
        b[n++] = 48 + ((v / 100) | 0);
        b[n++] = 48 + (((v / 10) | 0) % 10);
      } else if (v >= 10) b[n++] = 48 + ((v / 10) | 0);
      b[n++] = 48 + (v % 10);
    }
    this.length = n;
  }

  #putBytes(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + needed));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
