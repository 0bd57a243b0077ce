import type { AeadKind, CipherKind, HashKind } from '../../base/host.ts';

/** How a cipher suite protects records. */
export interface Suite {
  readonly aead: AeadKind | undefined;
  readonly cipher: CipherKind | undefined;
  readonly keyBytes: number;
  /** Bytes of IV in the key block (salt of an AEAD), and of the MAC's key. */
  readonly ivBytes: number;
  readonly mac: HashKind | undefined;
  /** Of the key schedule (TLS 1.2 and 1.3). */
  readonly hash: HashKind;
}

const aead = (kind: AeadKind, keyBytes: number, hash: HashKind, ivBytes = 4): Suite => ({ aead: kind, cipher: undefined, keyBytes, ivBytes, mac: undefined, hash });
const cbc = (cipher: CipherKind, keyBytes: number, mac: HashKind, hash: HashKind = 'sha256'): Suite => ({ aead: undefined, cipher, keyBytes, ivBytes: cipher === 'des-ede3-cbc' ? 8 : 16, mac, hash });

const SUITES = new Map<number, Suite>();
const add = (suite: Suite, ...numbers: number[]): void => {
  for (const n of numbers) SUITES.set(n, suite);
};
add(aead('aes-128-gcm', 16, 'sha256', 12), 0x1301);
add(aead('aes-256-gcm', 32, 'sha384', 12), 0x1302);
add(aead('chacha20-poly1305', 32, 'sha256', 12), 0x1303, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad);
add(aead('aes-128-ccm', 16, 'sha256', 12), 0x1304);
add(aead('aes-128-ccm8', 16, 'sha256', 12), 0x1305);
add(aead('aes-128-gcm', 16, 'sha256'), 0x9c, 0x9e, 0xa0, 0xa2, 0xa4, 0xa6, 0xa8, 0xaa, 0xac, 0xc02b, 0xc02d, 0xc02f, 0xc031);
add(aead('aes-256-gcm', 32, 'sha384'), 0x9d, 0x9f, 0xa1, 0xa3, 0xa5, 0xa7, 0xa9, 0xab, 0xad, 0xc02c, 0xc02e, 0xc030, 0xc032);
add(aead('aes-128-ccm', 16, 'sha256'), 0xc09c, 0xc09e, 0xc0a4, 0xc0a6, 0xc0ac);
add(aead('aes-256-ccm', 32, 'sha256'), 0xc09d, 0xc09f, 0xc0a5, 0xc0a7, 0xc0ad);
add(aead('aes-128-ccm8', 16, 'sha256'), 0xc0a0, 0xc0a2, 0xc0a8, 0xc0aa, 0xc0ae);
add(aead('aes-256-ccm8', 32, 'sha256'), 0xc0a1, 0xc0a3, 0xc0a9, 0xc0ab, 0xc0af);
add(cbc('aes-128-cbc', 16, 'sha1'), 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x8c, 0x90, 0x94, 0xc004, 0xc009, 0xc00e, 0xc013, 0xc018, 0xc035);
add(cbc('aes-256-cbc', 32, 'sha1'), 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x8d, 0x91, 0x95, 0xc005, 0xc00a, 0xc00f, 0xc014, 0xc019, 0xc036);
add(cbc('aes-128-cbc', 16, 'sha256'), 0x3c, 0x3e, 0x3f, 0x40, 0x67, 0x6c, 0xae, 0xb2, 0xb6, 0xc023, 0xc025, 0xc027, 0xc029, 0xc037);
add(cbc('aes-256-cbc', 32, 'sha256'), 0x3d, 0x68, 0x69, 0x6a, 0x6b, 0x6d);
add(cbc('aes-256-cbc', 32, 'sha384', 'sha384'), 0xaf, 0xb3, 0xb7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038);
add(cbc('des-ede3-cbc', 24, 'sha1'), 0x0a, 0x0d, 0x10, 0x13, 0x16, 0x1b, 0x8b, 0x8f, 0x93, 0xc003, 0xc008, 0xc00d, 0xc012, 0xc017, 0xc034);
add(cbc('camellia-128-cbc', 16, 'sha1'), 0x41, 0x42, 0x43, 0x44, 0x45, 0x46);
add(cbc('camellia-256-cbc', 32, 'sha1'), 0x84, 0x85, 0x86, 0x87, 0x88, 0x89);

/** How a suite protects records; undefined where we cannot undo it (RC4, export ciphers). */
export function suiteOf(number: number): Suite | undefined {
  return SUITES.get(number);
}
