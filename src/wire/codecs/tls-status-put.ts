import { u24be } from '../../base/bytes.ts';
import { putOcsp } from './ocsp-put.ts';
import type { PacketView } from '../packet-view.ts';
import type { TlsFields } from './tls-fields.ts';

const OCSP = 1;

/** CertificateStatus: an OCSP response of one certificate (RFC 6066 §8). */
export function putStatus(p: PacketView, F: TlsFields, at: number, end: number): void {
  if (end - at < 1) return;
  p.put(F.statusType, at, 1);
  if (p.bytes[at] !== OCSP || end - at < 4) return;
  p.put(F.ocspLength, at + 1, 3);
  const length = Math.min(u24be(p.bytes, at + 1), end - at - 4);
  if (length > 0) putOcsp(p, at + 4, at + 4 + length);
}
