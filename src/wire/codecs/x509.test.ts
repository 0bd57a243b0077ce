import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { isoTime } from '../../base/time.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { oidText } from './der.ts';
import { summariseCertificate } from './x509.ts';

/** A certificate that openssl makes. */
function certificate(...key: string[]): Uint8Array {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ww-x509-'));
  try {
    const file = path.join(dir, 'cert.der');
    execFileSync('openssl', ['req', '-x509', ...key, '-nodes', '-days', '30', '-keyout', path.join(dir, 'key.pem'), '-out', file, '-outform', 'DER', '-set_serial', '0x1234567890ab',
      '-subj', '/C=AT/O=Example, Ltd/CN=web.test', '-addext', 'subjectAltName=DNS:web.test,DNS:*.web.test,IP:192.0.2.2,IP:2001:db8::2'], { stdio: 'ignore' });
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('the summary of a certificate says what openssl and Node read in it', () => {
  const kinds: [string[], string, number, string][] = [
    [['-newkey', 'rsa:2048', '-sha256'], 'rsa', 2048, 'sha256WithRSAEncryption'],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-sha384'], 'ecdsa', 256, 'ecdsa-with-SHA384'],
    [['-newkey', 'ed25519'], 'ed25519', 256, 'ed25519'],
  ];
  for (const [key, algorithm, bits, signature] of kinds) {
    const der = certificate(...key);
    const node = new X509Certificate(der);
    const mine = summariseCertificate(der, 0, der.length, nodeHost);
    assert.ok(mine !== undefined);
    assert.equal(mine.sha256, node.fingerprint256.replaceAll(':', '').toLowerCase());
    assert.equal(mine.serial, node.serialNumber.toLowerCase());
    assert.equal(mine.subject, 'C=AT, O=Example\\, Ltd, CN=web.test');
    assert.equal(mine.issuer, mine.subject);
    assert.equal(isoTime(mine.notBefore, 0), new Date(node.validFrom).toISOString().replace('.000', ''));
    assert.equal(isoTime(mine.notAfter, 0), new Date(node.validTo).toISOString().replace('.000', ''));
    assert.deepEqual(mine.dnsNames, ['web.test', '*.web.test', '192.0.2.2', '2001:db8::2']);
    assert.deepEqual([mine.keyAlgorithm, mine.keyBits, mine.signatureAlgorithm], [algorithm, bits, signature]);
  }
});

test('no truncation and no changed byte of a certificate throws', () => {
  const der = certificate('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
  for (let n = 0; n < der.length; n++) assert.equal(summariseCertificate(der, 0, n, nodeHost), undefined, `${n} of ${der.length} bytes`);
  for (let i = 0; i < der.length; i++) {
    for (const v of [0, 0x7f, 0x84, 0xff]) {
      const damaged = der.slice();
      damaged[i] = v;
      summariseCertificate(damaged, 0, damaged.length, nodeHost);
    }
  }
});

test('object identifiers are written in dots', () => {
  assert.equal(oidText(Uint8Array.of(0x55, 4, 3), 0, 3), '2.5.4.3');
  assert.equal(oidText(Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), 0, 9), '1.2.840.113549.1.1.11');
  assert.equal(oidText(Uint8Array.of(0x88, 0x37, 1), 0, 3), '2.999.1');
});
