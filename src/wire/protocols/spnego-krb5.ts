import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from '../codecs/der.ts';
import { kerberosFields } from '../codecs/kerberos-fields.ts';
import { putKerberos } from '../codecs/kerberos-rules.ts';

const TOKEN = { AP_REQ: 0x0001, AP_REP: 0x0002, ERROR: 0x0003, GET_MIC: 0x0101, WRAP: 0x0102, CFX_MIC: 0x0404, CFX_WRAP: 0x0405 } as const;

const F = defineFields({
  blob: { name: 'spnego.krb5.blob', ...put('bytes', 'krb5_blob') },
  oid: { name: 'spnego.krb5_oid', ...put('string', 'KRB5 OID') },
  tokenId: { name: 'spnego.krb5.tok_id', ...put('u16', 'krb5_tok_id', { base: 'hex', little: true }) },
  signAlgorithm: { name: 'spnego.krb5.sgn_alg', ...put('u16', 'krb5_sgn_alg', { base: 'hex', little: true }) },
  sealAlgorithm: { name: 'spnego.krb5.seal_alg', ...put('u16', 'krb5_seal_alg', { base: 'hex', little: true }) },
  sequence: { name: 'spnego.krb5.snd_seq', ...put('bytes', 'krb5_snd_seq') },
  checksum: { name: 'spnego.krb5.sgn_cksum', ...put('bytes', 'krb5_sgn_cksum') },
  confounder: { name: 'spnego.krb5.confounder', ...put('bytes', 'krb5_confounder') },
  filler: { name: 'spnego.krb5.filler', ...put('bytes', 'krb5_filler') },
  cfxFlags: { name: 'spnego.krb5.cfx_flags', ...put('u8', 'krb5_cfx_flags', { base: 'hex' }) },
  byAcceptor: { name: 'spnego.krb5.send_by_acceptor', ...put('boolean', 'SendByAcceptor', { mask: 0x1 }) },
  sealed: { name: 'spnego.krb5.sealed', ...put('boolean', 'Sealed', { mask: 0x2 }) },
  acceptorSubkey: { name: 'spnego.krb5.acceptor_subkey', ...put('boolean', 'AcceptorSubkey', { mask: 0x4 }) },
  extraCount: { name: 'spnego.krb5.cfx_ec', ...put('u16', 'krb5_cfx_ec') },
  rotation: { name: 'spnego.krb5.cfx_rrc', ...put('u16', 'krb5_cfx_rrc') },
  cfxSequence: { name: 'spnego.krb5.cfx_seq', ...put('u64', 'krb5_cfx_seq') },
});
const e = new DerElement();
const INITIAL = 0x60;

/** Kerberos' tokens within GSS-API: messages of the protocol, and signatures and seals of what follows. */
export const spnegoKrb5 = defineDissector({
  name: 'spnego-krb5',
  title: 'SPNEGO-KRB5',
  spec: ['RFC 4121', 'RFC 1964'],
  over: {},
  column: null,
  hierarchy: 'inside',
  fields: { ...F, msgType: kerberosFields.msgType },
  dissect(p, at, end) {
    const b = p.bytes;
    if (end <= at) return DONE;
    p.put(F.blob, at, end - at);
    let q = at;
    if (b[at] === INITIAL && readElement(b, at, Math.max(end, p.wireEnd), e)) {
      const inner = e.contentAt;
      if (!expectElement(b, inner, end, DER.OID, e)) return DONE;
      if (p.wants(F.oid)) p.putText(F.oid, inner, e.end - inner, oidText(b, e.contentAt, e.end));
      q = e.end;
    } else if ((b[at] & 0xe0) === INITIAL) {
      // The third leg of DCE style has no head (RFC 4757 §7.3).
      putKerberos(p, at, end);
      return DONE;
    }
    if (q + 2 > end) return DONE;
    p.put(F.tokenId, q, 2);
    putToken(p, u16le(b, q), q + 2, end);
    return DONE;
  },
});

function putToken(p: PacketView, token: number, at: number, end: number): void {
  switch (token) {
    case TOKEN.AP_REQ: case TOKEN.AP_REP: case TOKEN.ERROR:
      putKerberos(p, at, end);
      return;
    case TOKEN.CFX_MIC:
      if (end - at < 14) return;
      putFlags(p, at);
      p.put(F.filler, at + 1, 5);
      p.put(F.cfxSequence, at + 6, 8);
      if (end > at + 14) p.put(F.checksum, at + 14, end - at - 14);
      return;
    case TOKEN.CFX_WRAP:
      if (end - at < 14) return;
      putFlags(p, at);
      p.put(F.filler, at + 1, 1);
      p.put(F.extraCount, at + 2, 2);
      p.put(F.rotation, at + 4, 2);
      p.put(F.cfxSequence, at + 6, 8);
      if (end > at + 14) p.put(F.checksum, at + 14, end - at - 14);
      return;
    case TOKEN.GET_MIC: case TOKEN.WRAP:
      if (end - at < 22) return;
      p.put(F.signAlgorithm, at, 2);
      if (token === TOKEN.WRAP) p.put(F.sealAlgorithm, at + 2, 2);
      p.put(F.sequence, at + 6, 8);
      p.put(F.checksum, at + 14, 8);
      if (token === TOKEN.WRAP && end - at >= 30) p.put(F.confounder, at + 22, 8);
  }
}

function putFlags(p: PacketView, at: number): void {
  p.put(F.cfxFlags, at, 1);
  p.put(F.acceptorSubkey, at, 1);
  p.put(F.sealed, at, 1);
  p.put(F.byAcceptor, at, 1);
}
export default spnegoKrb5;
