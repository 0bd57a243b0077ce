import type { Field } from '../../filter/field.ts';
import { defineFields, put } from '../define-dissector.ts';

/** Header fields that Wireshark keeps under their own name (RFC 3261 §20 and its many extensions). */
const NAMES = [
  'Accept', 'Accept-Contact', 'Accept-Encoding', 'Accept-Language', 'Accept-Resource-Priority', 'Additional-Identity', 'Alert-Info', 'Allow',
  'Allow-Events', 'Answer-Mode', 'Attestation-Info', 'Authentication-Info', 'Authorization', 'Call-ID', 'Call-Info', 'Cellular-Network-Info',
  'Contact', 'Content-Disposition', 'Content-Encoding', 'Content-Language', 'Content-Length', 'Content-Type', 'CSeq', 'Date', 'Error-Info', 'Event',
  'Expires', 'Feature-Caps', 'Flow-Timer', 'From', 'Geolocation', 'Geolocation-Error', 'Geolocation-Routing', 'History-Info', 'Identity',
  'Identity-info', 'Info-Package', 'In-Reply-To', 'Join', 'Max-Breadth', 'Max-Forwards', 'MIME-Version', 'Min-Expires', 'Min-SE', 'Organization',
  'Origination-Id', 'P-Access-Network-Info', 'P-Answer-State', 'P-Asserted-Identity', 'P-Asserted-Service', 'P-Charge-Info', 'P-Associated-URI',
  'P-Called-Party-ID', 'P-Charging-Function-Addresses', 'P-Charging-Vector', 'P-DCS-Trace-Party-ID', 'P-DCS-OSPS', 'P-DCS-Billing-Info',
  'P-DCS-LAES', 'P-DCS-Redirect', 'P-Early-Media', 'P-Media-Authorization', 'P-Preferred-Identity', 'P-Preferred-Service', 'P-Profile-Key',
  'P-Refused-URI-List', 'P-Served-User', 'P-User-Database', 'P-Visited-Network-ID', 'Path', 'Permission-Missing', 'Policy_Contact', 'Policy_ID',
  'Priority', 'Priority-Share', 'Priv-Answer-mode', 'Privacy', 'Proxy-Authenticate', 'Proxy-Authorization', 'Proxy-Require', 'RAck', 'Reason',
  'Reason-Phrase', 'Record-Route', 'Recv-Info', 'Refer-Sub', 'Refer-To', 'Referred-by', 'Reject-Contact', 'Relayed-Charge', 'Replaces', 'Reply-To',
  'Request-Disposition', 'Require', 'Resource-Priority', 'Resource-Share', 'Response-Source', 'Restoration-Info', 'Retry-After', 'Route', 'RSeq',
  'Security-Client', 'Security-Server', 'Security-Verify', 'Server', 'Service-Interact-Info', 'Service-Route', 'Session-Expires', 'Session-ID',
  'ETag', 'If_Match', 'Subject', 'Subscription-State', 'Supported', 'Suppress_If_Match', 'Target-Dialog', 'Timestamp', 'To', 'Trigger-Consent',
  'Unsupported', 'User-Agent', 'Via', 'Warning', 'WWW-Authenticate', 'Diversion',
] as const;

/** Header fields whose value is a number. */
const NUMBERS: ReadonlySet<string> = new Set(['Content-Length', 'Expires', 'Max-Breadth', 'Max-Forwards', 'Retry-After', 'RSeq']);

/** Compact forms (RFC 3261 §7.3.3 and others). */
const COMPACT: Readonly<Record<string, string>> = {
  i: 'call-id', m: 'contact', e: 'content-encoding', l: 'content-length', c: 'content-type', f: 'from', s: 'subject', k: 'supported', t: 'to', v: 'via',
  o: 'event', u: 'allow-events', r: 'refer-to', b: 'referred-by', a: 'accept-contact', j: 'reject-contact', x: 'session-expires', d: 'request-disposition',
  y: 'identity', n: 'identity-info',
};

/** Names on the wire that differ from the field's. */
const ALIASES: Readonly<Record<string, string>> = { 'sip-etag': 'etag', 'sip-if-match': 'if_match', 'policy-contact': 'policy_contact', 'policy-id': 'policy_id', 'suppress-if-match': 'suppress_if_match', 'mime-version': 'mime-version' };

export const sipHeaderFields = defineFields(
  Object.fromEntries(NAMES.map((name) => [name, { name: `sip.${name}`, ...put(NUMBERS.has(name) ? 'u32' : 'string', name) }])) as Record<(typeof NAMES)[number], ReturnType<typeof put> & { name: string }>,
);

const BY_NAME: ReadonlyMap<string, Field> = new Map(Object.entries(sipHeaderFields).map(([name, f]) => [name.toLowerCase(), f]));

/** The long name of a header field, in lower case. */
export function headerName(name: string): string {
  const lower = name.toLowerCase();
  return COMPACT[lower] ?? ALIASES[lower] ?? lower;
}

/** The field that keeps the value of a header of this long name. */
export function headerField(name: string): Field | undefined {
  return BY_NAME.get(name);
}
