import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';

/** A certificate authority of one drill, with the certificates that it signed: PEM files. */
export interface DrillCa {
  readonly caFile: string;
  /** Makes a key and a certificate for these DNS names and addresses. */
  issue(name: string, names: readonly string[]): { readonly keyFile: string; readonly certFile: string };
}

function openssl(args: readonly string[]): void {
  const run = spawnSync('openssl', args, { encoding: 'utf8' });
  if (run.error !== undefined) throw new WirewatchError('WW_DRILL', `openssl cannot be run: ${run.error.message}`, { remedy: 'install the package openssl' });
  if (run.status !== 0) throw new WirewatchError('WW_DRILL', `openssl ${args[0]}: ${run.stderr.trim()}`);
}

/** Makes a certificate authority in `dir`: so that a drill's mail server has a certificate that can be verified, as a real one has. */
export function createDrillCa(dir: string): DrillCa {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const at = (file: string): string => path.join(dir, file);
  openssl(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=Wirewatch drill CA', '-keyout', at('ca.key'), '-out', at('ca.pem')]);
  return {
    caFile: at('ca.pem'),
    issue(name, names) {
      const [keyFile, certFile, request, extensions] = [at(`${name}.key`), at(`${name}.pem`), at(`${name}.csr`), at(`${name}.ext`)];
      const alternative = names.map((n) => (/^[\d.]+$|:/.test(n) ? `IP:${n}` : `DNS:${n}`)).join(',');
      writeFileSync(extensions, `subjectAltName=${alternative}\nextendedKeyUsage=serverAuth\n`);
      openssl(['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${names[0]}`, '-keyout', keyFile, '-out', request]);
      openssl(['x509', '-req', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '30', '-extfile', extensions, '-out', certFile]);
      return { keyFile, certFile };
    },
  };
}
