import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import type { Host } from '../base/host.ts';

// Prefix-preserving pseudonyms (J. Xu et al., "Prefix-Preserving IP Address Anonymization", 2002): two addresses that share n bits have
// pseudonyms that share n bits, and nobody without the key can tell which address stands behind one.

export const PSEUDONYM_KEY_BYTES = 32;
const BLOCK = 16;
/** Addresses whose pseudonyms are remembered. */
const CACHED = 65_536;

/** A block of addresses that stays what it is: `whole` = every address keeps itself, otherwise only the block keeps its place. */
interface KeptBlock {
  readonly prefix: readonly number[];
  readonly bits: number;
  readonly whole: boolean;
}

const block = (bits: number, whole: boolean, ...prefix: number[]): KeptBlock => ({ prefix, bits, whole });

/** Special addresses of IPv4 (RFC 6890): nobody's, this host, multicast and beyond stay; private and link-local ones stay in their block. */
const KEPT_IPV4: readonly KeptBlock[] = [
  block(8, true, 0), block(8, true, 127), block(3, true, 224), block(8, false, 10), block(12, false, 172, 16), block(16, false, 192, 168), block(16, false, 169, 254), block(10, false, 100, 64),
];
/** And of IPv6: unspecified, loopback, multicast; unique local, link-local and mapped ones. */
const KEPT_IPV6: readonly KeptBlock[] = [
  block(96, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), block(8, true, 255), block(7, false, 0xfc), block(10, false, 0xfe, 0x80), block(96, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255),
];

const bitOf = (b: ArrayLike<number>, i: number): number => ((b[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;

/**
 * Pseudonyms of IPv4, IPv6 and MAC addresses under one key: the same address has the same pseudonym in every capture that is edited
 * with that key, so that captures can still be compared.
 */
export class AddressPseudonyms {
  readonly #host: Host;
  readonly #key: Uint8Array;
  readonly #pad: Uint8Array;
  readonly #known: BoundedMap<string, Uint8Array>;
  readonly #input: Uint8Array;

  /** `key` has `PSEUDONYM_KEY_BYTES`: half a cipher's key, half the padding's. */
  constructor(host: Host, key: Uint8Array) {
    this.#host = host;
    this.#key = key.slice(0, BLOCK);
    this.#pad = host.aesBlock(this.#key, key.slice(BLOCK, 2 * BLOCK));
    this.#known = new BoundedMap(CACHED);
    this.#input = new Uint8Array(BLOCK);
  }

  /** The pseudonym of an address of 4, 6 or 16 bytes; other lengths keep themselves. */
  of(b: Uint8Array, at: number, length: number): Uint8Array {
    const text = toHex(b, at, at + length);
    let pseudonym = this.#known.touch(text);
    if (pseudonym === undefined) {
      const address = b.slice(at, at + length);
      pseudonym = length === 4 ? this.#ip(address, KEPT_IPV4) : length === 16 ? this.#ip(address, KEPT_IPV6) : length === 6 ? this.#mac(address) : address;
      this.#known.set(text, pseudonym);
    }
    return pseudonym;
  }

  /** Bit after bit: whether it flips depends on the bits before it alone. On the way to a kept block no bit flips. */
  #ip(address: Uint8Array, kept: readonly KeptBlock[]): Uint8Array {
    const out = address.slice();
    const bits = 8 * address.length;
    for (let i = 0; i < bits; i++) {
      if (kept.some((k) => (i < k.bits || k.whole) && shares(address, k, Math.min(i, k.bits)))) continue;
      if (this.#flips(address, i)) out[i >> 3] ^= 0x80 >> (i & 7);
    }
    return out;
  }

  /** The cipher's first bit over the first `n` bits of the address, filled up with the padding. */
  #flips(address: Uint8Array, n: number): boolean {
    const input = this.#input;
    input.set(this.#pad);
    const whole = n >> 3;
    for (let i = 0; i < whole; i++) input[i] = address[i];
    const rest = n & 7;
    if (rest > 0) {
      const mask = (0xff00 >> rest) & 0xff;
      input[whole] = (address[whole] & mask) | (this.#pad[whole] & ~mask);
    }
    // The length goes in too: IPv4 and IPv6 addresses of equal first bits have pseudonyms of their own.
    input[BLOCK - 1] ^= address.length;
    return this.#host.aesBlock(this.#key, input)[0] >= 0x80;
  }

  /** Group addresses and zeros keep themselves; stations get a locally administered address, of which the maker is not to be seen. */
  #mac(address: Uint8Array): Uint8Array {
    if ((address[0] & 1) !== 0 || address.every((v) => v === 0)) return address;
    const input = this.#input;
    input.set(this.#pad);
    input.set(address);
    input[BLOCK - 1] ^= address.length;
    const out = this.#host.aesBlock(this.#key, input).slice(0, 6);
    out[0] = (out[0] & 0xfc) | 2;
    return out;
  }
}

/** True where the first `n` bits of the address are those of the block. */
function shares(address: Uint8Array, kept: KeptBlock, n: number): boolean {
  for (let i = 0; i < n; i++) if (bitOf(address, i) !== bitOf(kept.prefix, i)) return false;
  return true;
}
