import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { putAll } from '../codecs/windows-values.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const NEGOTIATION_LEN = 8;
const NEGOTIATION = { REQUEST: 1, RESPONSE: 2, FAILURE: 3 } as const;
const PROTOCOLS = { 0: 'Standard RDP Security', 1: 'TLS 1.0, 1.1 or 1.2', 2: 'CredSSP', 4: 'RDSTLS', 8: 'CredSSP with Early User Authorization Result PDU' } as const;
const FAILURES = {
  1: 'TLS required by server', 2: 'TLS not allowed by server', 3: 'TLS certificate not on server', 4: 'Inconsistent flags', 5: 'CredSSP required by server',
  6: 'TLS with certificate required by server',
} as const;

export const rdpFields = defineFields({
  cookie: { name: 'rdp.rt_cookie', ...put('string', 'Routing Token/Cookie') },
  type: { name: 'rdp.neg_type', ...put('u8', 'Type', { base: 'hex', values: { 1: 'RDP Negotiation Request', 2: 'RDP Negotiation Response', 3: 'RDP Negotiation Failure' } }) },
  requestFlags: { name: 'rdp.negReq.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  restrictedAdmin: { name: 'rdp.negReq.flags.restricted_admin_mode_req', ...put('boolean', 'Restricted admin mode required', { mask: 0x1 }) },
  correlation: { name: 'rdp.negReq.flags.correlation_info_present', ...put('boolean', 'Correlation info present', { mask: 0x8 }) },
  length: { name: 'rdp.neg_length', ...put('u16', 'Length', { little: true }) },
  requested: { name: 'rdp.negReq.requestedProtocols', ...put('u32', 'requestedProtocols', { base: 'hex', little: true }) },
  ssl: { name: 'rdp.negReq.requestedProtocols.ssl', ...put('boolean', 'TLS security supported', { mask: 0x1, little: true }) },
  hybrid: { name: 'rdp.negReq.requestedProtocols.hybrid', ...put('boolean', 'CredSSP supported', { mask: 0x2, little: true }) },
  rdstls: { name: 'rdp.negReq.requestedProtocols.rdstls', ...put('boolean', 'RDSTLS supported', { mask: 0x4, little: true }) },
  hybridEx: { name: 'rdp.negReq.requestedProtocols.hybrid_ex', ...put('boolean', 'CredSSP with Early User Authorization Result PDU supported', { mask: 0x8, little: true }) },
  responseFlags: { name: 'rdp.negRsp.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  extendedData: { name: 'rdp.negRsp.flags.extended_client_data_supported', ...put('boolean', 'Extended Client Data Blocks supported', { mask: 0x1 }) },
  graphics: { name: 'rdp.negRsp.flags.dynvc_gfx_protocol_supported', ...put('boolean', 'Graphics Pipeline Extension Protocol supported', { mask: 0x2 }) },
  restrictedAdminOk: { name: 'rdp.negRsp.flags.restricted_admin_mode_supported', ...put('boolean', 'Restricted admin mode supported', { mask: 0x8 }) },
  restrictedAuth: { name: 'rdp.negRsp.flags.restricted_authentication_mode_supported', ...put('boolean', 'Restricted authentication mode supported', { mask: 0x10 }) },
  selected: { name: 'rdp.negReq.selectedProtocol', ...put('u32', 'selectedProtocol', { base: 'hex', little: true, values: PROTOCOLS }) },
  failure: { name: 'rdp.negFailure.failureCode', ...put('u32', 'failureCode', { base: 'hex', little: true, values: FAILURES }) },
});
const F = rdpFields;

/** Remote desktops: the cookie and the negotiation of security within the transport's connection request and confirm. */
export const rdp = defineDissector({
  name: 'rdp',
  title: 'Remote Desktop Protocol',
  spec: ['MS-RDPBCGR §2.2.1.1', 'MS-RDPBCGR §2.2.1.2'],
  over: {},
  column: 'RDP',
  fields: rdpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let q = at;
    if (b[q] !== NEGOTIATION.REQUEST && b[q] !== NEGOTIATION.RESPONSE && b[q] !== NEGOTIATION.FAILURE) {
      const line = lineEnd(p, q, end);
      if (line < 0) return DECLINE;
      p.put(F.cookie, q, line - q);
      q = line + 2;
    }
    if (end - q >= NEGOTIATION_LEN) putNegotiation(p, q);
    return DONE;
  },
  info: (row) => (row.has(F.cookie) ? row.text(F.cookie) : row.num(F.type) === NEGOTIATION.REQUEST ? 'Negotiation request' : 'Negotiation response'),
});

/** Where the line that begins at `at` ends, before its CR LF; -1 = nowhere. */
function lineEnd(p: PacketView, at: number, end: number): number {
  for (let q = at; q + 1 < end; q++) if (p.bytes[q] === 13 && p.bytes[q + 1] === 10) return q;
  return -1;
}

const REQUEST_FLAGS = [F.requestFlags, F.restrictedAdmin, F.correlation];
const REQUESTED = [F.requested, F.ssl, F.hybrid, F.rdstls, F.hybridEx];
const RESPONSE_FLAGS = [F.responseFlags, F.extendedData, F.graphics, F.restrictedAdminOk, F.restrictedAuth];

function putNegotiation(p: PacketView, at: number): void {
  const type = p.bytes[at];
  p.put(F.type, at, 1);
  if (type === NEGOTIATION.REQUEST) {
    putAll(p, REQUEST_FLAGS, at + 1, 1);
    p.put(F.length, at + 2, 2);
    putAll(p, REQUESTED, at + 4, 4);
  } else if (type === NEGOTIATION.RESPONSE) {
    putAll(p, RESPONSE_FLAGS, at + 1, 1);
    p.put(F.length, at + 2, 2);
    p.put(F.selected, at + 4, 4);
  } else if (type === NEGOTIATION.FAILURE) {
    p.put(F.length, at + 2, 2);
    p.put(F.failure, at + 4, 4);
  }
}
export default rdp;
