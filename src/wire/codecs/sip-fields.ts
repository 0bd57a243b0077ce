import type { Field } from '../../filter/field.ts';
import { defineFields, put } from '../define-dissector.ts';

const text = (name: string, title: string) => ({ name, ...put('string', title) });

/** Fields of SIP messages beside the header fields by name. */
export const sipFields = defineFields({
  requestLine: text('sip.Request-Line', 'Request-Line'),
  method: text('sip.Method', 'Method'),
  uri: text('sip.r-uri', 'Request-URI'),
  uriUser: text('sip.r-uri.user', 'Request-URI User Part'),
  uriHost: text('sip.r-uri.host', 'Request-URI Host Part'),
  uriPort: text('sip.r-uri.port', 'Request-URI Host Port'),
  statusLine: text('sip.Status-Line', 'Status-Line'),
  statusCode: { name: 'sip.Status-Code', ...put('u32', 'Status-Code') },
  resend: { name: 'sip.resend', ...put('boolean', 'Resent Packet') },
  resendOriginal: { name: 'sip.resend-original', ...put('framenum', 'Suspected resend of frame') },
  requestFrame: { name: 'sip.response-request', ...put('framenum', 'Request Frame') },
  responseTime: { name: 'sip.response-time', ...put('u32', 'Response Time (ms)') },
  header: text('sip.msg_hdr', 'Message Header'),
  body: { name: 'sip.msg_body', ...put('none', 'Message Body') },
  displayInfo: text('sip.display.info', 'SIP Display info'),
  toDisplay: text('sip.to.display.info', 'SIP to display info'),
  toAddress: text('sip.to.addr', 'SIP to address'),
  toUser: text('sip.to.user', 'SIP to address User Part'),
  toHost: text('sip.to.host', 'SIP to address Host Part'),
  toPort: text('sip.to.port', 'SIP to address Host Port'),
  toParameter: text('sip.to.param', 'SIP To URI parameter'),
  toTag: text('sip.to.tag', 'SIP to tag'),
  fromDisplay: text('sip.from.display.info', 'SIP from display info'),
  fromAddress: text('sip.from.addr', 'SIP from address'),
  fromUser: text('sip.from.user', 'SIP from address User Part'),
  fromHost: text('sip.from.host', 'SIP from address Host Part'),
  fromPort: text('sip.from.port', 'SIP from address Host Port'),
  fromParameter: text('sip.from.param', 'SIP From URI parameter'),
  fromTag: text('sip.from.tag', 'SIP from tag'),
  tag: text('sip.tag', 'SIP tag'),
  contactDisplay: text('sip.contact.display.info', 'SIP contact display info'),
  contactUri: text('sip.contact.uri', 'Contact URI'),
  contactUser: text('sip.contact.user', 'Contact URI User Part'),
  contactHost: text('sip.contact.host', 'Contact URI Host Part'),
  contactPort: text('sip.contact.port', 'Contact URI Host Port'),
  contactUriParameter: text('sip.contact.param', 'Contact URI parameter'),
  contactParameter: text('sip.contact.parameter', 'Contact parameter'),
  routeDisplay: text('sip.Route.display.info', 'SIP Route display info'),
  routeUri: text('sip.Route.uri', 'Route URI'),
  routeUser: text('sip.Route.user', 'Route Userpart'),
  routeHost: text('sip.Route.host', 'Route Host Part'),
  routePort: text('sip.Route.port', 'Route Host Port'),
  routeParameter: text('sip.Route.param', 'Route URI parameter'),
  recordRouteDisplay: text('sip.Record-Route.display.info', 'SIP Record-Route display info'),
  recordRouteUri: text('sip.Record-Route.uri', 'Record-Route URI'),
  recordRouteUser: text('sip.Record-Route.user', 'Record-Route Userpart'),
  recordRouteHost: text('sip.Record-Route.host', 'Record-Route Host Part'),
  recordRoutePort: text('sip.Record-Route.port', 'Record-Route Host Port'),
  recordRouteParameter: text('sip.Record-Route.param', 'Record-Route URI parameter'),
  assertedDisplay: text('sip.pai.display.info', 'SIP PAI display info'),
  assertedAddress: text('sip.pai.addr', 'SIP PAI Address'),
  assertedUser: text('sip.pai.user', 'SIP PAI User Part'),
  assertedHost: text('sip.pai.host', 'SIP PAI Host Part'),
  assertedPort: text('sip.pai.port', 'SIP PAI Host Port'),
  assertedParameter: text('sip.pai.param', 'SIP PAI URI parameter'),
  preferredDisplay: text('sip.ppi.display.info', 'SIP PPI display info'),
  preferredAddress: text('sip.ppi.addr', 'SIP PPI Address'),
  preferredUser: text('sip.ppi.user', 'SIP PPI User Part'),
  preferredHost: text('sip.ppi.host', 'SIP PPI Host Part'),
  preferredPort: text('sip.ppi.port', 'SIP PPI Host Port'),
  preferredParameter: text('sip.ppi.param', 'SIP PPI URI parameter'),
  sequenceNumber: { name: 'sip.CSeq.seq', ...put('u32', 'Sequence Number') },
  sequenceMethod: text('sip.CSeq.method', 'CSeq Method'),
  viaTransport: text('sip.Via.transport', 'Transport'),
  viaAddress: text('sip.Via.sent-by.address', 'Sent-by Address'),
  viaPort: { name: 'sip.Via.sent-by.port', ...put('u16', 'Sent-by port') },
  viaBranch: text('sip.Via.branch', 'Branch'),
  viaMaddr: text('sip.Via.maddr', 'Maddr'),
  viaRport: text('sip.Via.rport', 'RPort'),
  viaReceived: text('sip.Via.received', 'Received'),
  viaTtl: text('sip.Via.ttl', 'TTL'),
  viaComp: text('sip.Via.comp', 'Comp'),
  callIdGenerated: text('sip.call_id_generated', 'Generated Call-ID'),
  auth: text('sip.auth', 'Authentication'),
  authScheme: text('sip.auth.scheme', 'Authentication Scheme'),
  authResponse: text('sip.auth.digest.response', 'Digest Authentication Response'),
  authNc: text('sip.auth.nc', 'Nonce Count'),
  authUsername: text('sip.auth.username', 'Username'),
  authRealm: text('sip.auth.realm', 'Realm'),
  authNonce: text('sip.auth.nonce', 'Nonce Value'),
  authAlgorithm: text('sip.auth.algorithm', 'Algorithm'),
  authOpaque: text('sip.auth.opaque', 'Opaque Value'),
  authQop: text('sip.auth.qop', 'QOP'),
  authCnonce: text('sip.auth.cnonce', 'CNonce Value'),
  authUri: text('sip.auth.uri', 'Authentication URI'),
  authDomain: text('sip.auth.domain', 'Authentication Domain'),
  authStale: text('sip.auth.stale', 'Stale Flag'),
  continuation: { name: 'sip.continuation', ...put('bytes', 'Continuation data') },
  unrecognized: { name: 'sip.unrecognized_header', ...put('none', 'Unrecognised SIP header') },
});
const F = sipFields;

/** Where the parts of an address header go. */
export interface AddressFields {
  readonly display: Field;
  readonly address: Field;
  readonly user: Field;
  readonly host: Field;
  readonly port: Field;
  readonly parameter: Field | undefined;
  readonly tag: Field | undefined;
}

/** Headers that hold addresses, by long name in lower case. */
export const ADDRESS_FIELDS: Readonly<Record<string, AddressFields>> = {
  to: { display: F.toDisplay, address: F.toAddress, user: F.toUser, host: F.toHost, port: F.toPort, parameter: F.toParameter, tag: F.toTag },
  from: { display: F.fromDisplay, address: F.fromAddress, user: F.fromUser, host: F.fromHost, port: F.fromPort, parameter: F.fromParameter, tag: F.fromTag },
  contact: { display: F.contactDisplay, address: F.contactUri, user: F.contactUser, host: F.contactHost, port: F.contactPort, parameter: F.contactUriParameter, tag: undefined },
  route: { display: F.routeDisplay, address: F.routeUri, user: F.routeUser, host: F.routeHost, port: F.routePort, parameter: F.routeParameter, tag: undefined },
  'record-route': { display: F.recordRouteDisplay, address: F.recordRouteUri, user: F.recordRouteUser, host: F.recordRouteHost, port: F.recordRoutePort, parameter: F.recordRouteParameter, tag: undefined },
  'p-asserted-identity': { display: F.assertedDisplay, address: F.assertedAddress, user: F.assertedUser, host: F.assertedHost, port: F.assertedPort, parameter: F.assertedParameter, tag: undefined },
  'p-preferred-identity': { display: F.preferredDisplay, address: F.preferredAddress, user: F.preferredUser, host: F.preferredHost, port: F.preferredPort, parameter: F.preferredParameter, tag: undefined },
};

/** Parameters of authentication headers (RFC 3261 §22.4). */
export const AUTH_FIELDS: Readonly<Record<string, Field>> = {
  response: F.authResponse, nc: F.authNc, username: F.authUsername, realm: F.authRealm, nonce: F.authNonce, algorithm: F.authAlgorithm, opaque: F.authOpaque,
  qop: F.authQop, cnonce: F.authCnonce, uri: F.authUri, domain: F.authDomain, stale: F.authStale,
};

/** Parameters of Via. */
export const VIA_FIELDS: Readonly<Record<string, Field>> = {
  branch: F.viaBranch, maddr: F.viaMaddr, rport: F.viaRport, received: F.viaReceived, ttl: F.viaTtl, comp: F.viaComp,
};
