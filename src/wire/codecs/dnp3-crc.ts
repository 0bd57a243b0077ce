const TABLE = new Uint16Array(256);
for (let i = 0; i < 256; i++) {
  let v = i;
  for (let k = 0; k < 8; k++) v = (v & 1) !== 0 ? (v >>> 1) ^ 0xa6bc : v >>> 1;
  TABLE[i] = v;
}

/** CRC of the link layer (IEEE 1815-2012 §9.2.4.3): polynomial 0x3d65 reflected, complemented at the end. */
export function dnp3Crc(b: Uint8Array, at: number, end: number): number {
  let crc = 0;
  for (let i = at; i < end; i++) crc = TABLE[(crc ^ b[i]) & 255] ^ (crc >>> 8);
  return ~crc & 0xffff;
}
