import { defineFields, put } from '../define-dissector.ts';

const TIME_KINDS = { 0: 'utcTime', 1: 'generalizedTime' };
const GENERAL_NAMES = {
  0: 'otherName', 1: 'rfc822Name', 2: 'dNSName', 3: 'x400Address', 4: 'directoryName', 5: 'ediPartyName', 6: 'uniformResourceIdentifier', 7: 'iPAddress', 8: 'registeredID',
};
const element = (name: string, title: string) => ({ name, ...put('none', title) });
const count = (name: string, title: string) => ({ name, ...put('u32', title) });

/** X.509 names of attributes (ITU-T X.520). */
export const x509satFields = defineFields({
  directory: { name: 'x509sat.DirectoryString', ...put('u32', 'DirectoryString', { values: { 0: 'teletexString', 1: 'printableString', 2: 'universalString', 3: 'bmpString', 4: 'uTF8String' } }) },
  printable: { name: 'x509sat.printableString', ...put('string', 'printableString') },
  utf8: { name: 'x509sat.uTF8String', ...put('string', 'uTF8String') },
  teletex: { name: 'x509sat.teletexString', ...put('string', 'teletexString') },
  bmp: { name: 'x509sat.bmpString', ...put('string', 'bmpString') },
  universal: { name: 'x509sat.universalString', ...put('string', 'universalString') },
  country: { name: 'x509sat.CountryName', ...put('string', 'CountryName') },
  syntaxPrintable: { name: 'x509sat.PrintableString', ...put('string', 'SyntaxPrintableString') },
  syntaxIa5: { name: 'x509sat.IA5String', ...put('string', 'SyntaxIA5String') },
});

/** Extensions of certificates (RFC 5280 §4.2). */
export const x509ceFields = defineFields({
  authorityKey: element('x509ce.AuthorityKeyIdentifier_element', 'AuthorityKeyIdentifier'),
  keyIdentifier: { name: 'x509ce.keyIdentifier', ...put('bytes', 'keyIdentifier') },
  authorityIssuer: count('x509ce.authorityCertIssuer', 'authorityCertIssuer'),
  authoritySerial: { name: 'x509ce.authorityCertSerialNumber', ...put('bytes', 'authorityCertSerialNumber') },
  subjectKey: { name: 'x509ce.SubjectKeyIdentifier', ...put('bytes', 'SubjectKeyIdentifier') },
  keyUsage: { name: 'x509ce.KeyUsage', ...put('bytes', 'KeyUsage') },
  digitalSignature: { name: 'x509ce.KeyUsage.digitalSignature', ...put('boolean', 'digitalSignature') },
  contentCommitment: { name: 'x509ce.KeyUsage.contentCommitment', ...put('boolean', 'contentCommitment') },
  keyEncipherment: { name: 'x509ce.KeyUsage.keyEncipherment', ...put('boolean', 'keyEncipherment') },
  dataEncipherment: { name: 'x509ce.KeyUsage.dataEncipherment', ...put('boolean', 'dataEncipherment') },
  keyAgreement: { name: 'x509ce.KeyUsage.keyAgreement', ...put('boolean', 'keyAgreement') },
  keyCertSign: { name: 'x509ce.KeyUsage.keyCertSign', ...put('boolean', 'keyCertSign') },
  crlSign: { name: 'x509ce.KeyUsage.cRLSign', ...put('boolean', 'cRLSign') },
  encipherOnly: { name: 'x509ce.KeyUsage.encipherOnly', ...put('boolean', 'encipherOnly') },
  decipherOnly: { name: 'x509ce.KeyUsage.decipherOnly', ...put('boolean', 'decipherOnly') },
  purposes: count('x509ce.KeyPurposeIDs', 'KeyPurposeIDs'),
  purpose: { name: 'x509ce.KeyPurposeId', ...put('oid', 'KeyPurposeId') },
  policies: count('x509ce.CertificatePoliciesSyntax', 'CertificatePoliciesSyntax'),
  policy: element('x509ce.PolicyInformation_element', 'PolicyInformation'),
  policyId: { name: 'x509ce.policyIdentifier', ...put('oid', 'policyIdentifier') },
  qualifiers: count('x509ce.policyQualifiers', 'policyQualifiers'),
  qualifier: element('x509ce.PolicyQualifierInfo_element', 'PolicyQualifierInfo'),
  qualifierId: { name: 'x509ce.id', ...put('oid', 'Id') },
  names: count('x509ce.GeneralNames', 'GeneralNames'),
  name: { name: 'x509ce.GeneralName', ...put('u32', 'GeneralName', { values: GENERAL_NAMES }) },
  mail: { name: 'x509ce.rfc822Name', ...put('string', 'rfc822Name') },
  dnsName: { name: 'x509ce.dNSName', ...put('string', 'dNSName') },
  directoryName: { name: 'x509ce.directoryName', ...put('u32', 'directoryName') },
  uri: { name: 'x509ce.uniformResourceIdentifier', ...put('string', 'uniformResourceIdentifier') },
  ipAddress: { name: 'x509ce.iPAddress', ...put('bytes', 'iPAddress') },
  ipv4: { name: 'x509ce.IPAddress.ipv4', ...put('ipv4', 'iPAddress') },
  ipv6: { name: 'x509ce.IPAddress.ipv6', ...put('ipv6', 'iPAddress') },
  registeredId: { name: 'x509ce.registeredID', ...put('oid', 'registeredID') },
  basic: element('x509ce.BasicConstraintsSyntax_element', 'BasicConstraintsSyntax'),
  authority: { name: 'x509ce.cA', ...put('boolean', 'cA') },
  pathLength: { name: 'x509ce.pathLenConstraint', ...put('u64', 'pathLenConstraint') },
  points: count('x509ce.CRLDistPointsSyntax', 'CRLDistPointsSyntax'),
  point: element('x509ce.DistributionPoint_element', 'DistributionPoint'),
  pointName: { name: 'x509ce.distributionPoint', ...put('u32', 'distributionPoint') },
  fullName: count('x509ce.fullName', 'fullName'),
});

/** The certificate itself. */
export const x509afFields = defineFields({
  signed: element('x509af.signedCertificate_element', 'signedCertificate'),
  version: { name: 'x509af.version', ...put('i32', 'version', { values: { 0: 'v1', 1: 'v2', 2: 'v3' } }) },
  serial: { name: 'x509af.serialNumber', ...put('bytes', 'serialNumber') },
  signature: element('x509af.signature_element', 'signature'),
  algorithm: { name: 'x509af.algorithm.id', ...put('oid', 'Algorithm Id') },
  issuer: count('x509af.issuer', 'issuer'),
  rdnSequence: count('x509af.rdnSequence', 'rdnSequence'),
  validity: element('x509af.validity_element', 'validity'),
  notBefore: { name: 'x509af.notBefore', ...put('u32', 'notBefore', { values: TIME_KINDS }) },
  notAfter: { name: 'x509af.notAfter', ...put('u32', 'notAfter', { values: TIME_KINDS }) },
  utcTime: { name: 'x509af.utcTime', ...put('string', 'utcTime') },
  generalizedTime: { name: 'x509af.generalizedTime', ...put('abstime', 'generalizedTime') },
  subject: count('x509af.subject', 'subject'),
  keyInfo: element('x509af.subjectPublicKeyInfo_element', 'subjectPublicKeyInfo'),
  keyAlgorithm: element('x509af.algorithm_element', 'algorithm'),
  key: { name: 'x509af.subjectPublicKey', ...put('bytes', 'subjectPublicKey') },
  extensions: count('x509af.extensions', 'extensions'),
  extension: element('x509af.Extension_element', 'Extension'),
  extensionId: { name: 'x509af.extension.id', ...put('oid', 'Extension Id') },
  critical: { name: 'x509af.critical', ...put('boolean', 'critical') },
  signatureAlgorithm: element('x509af.algorithmIdentifier_element', 'algorithmIdentifier'),
  encrypted: { name: 'x509af.encrypted', ...put('bytes', 'encrypted') },
});

/** Names as sequences of pairs. */
export const x509ifFields = defineFields({
  rdn: { name: 'x509if.RDNSequence_item', ...put('u32', 'RDNSequence item') },
  item: element('x509if.RelativeDistinguishedName_item_element', 'RelativeDistinguishedName item'),
  oid: { name: 'x509if.oid', ...put('oid', 'Object Id') },
  rdnSequence: count('x509if.rdnSequence', 'rdnSequence'),
});

/** Keys of RSA and of elliptic curves (RFC 8017 §A.1, RFC 5480). */
export const pkcs1Fields = defineFields({
  modulus: { name: 'pkcs1.modulus', ...put('bytes', 'modulus') },
  exponent: { name: 'pkcs1.publicExponent', ...put('i32', 'publicExponent') },
  parameters: { name: 'pkcs1.ECParameters', ...put('u32', 'ECParameters') },
  namedCurve: { name: 'pkcs1.namedCurve', ...put('oid', 'namedCurve') },
});

/** What the PKIX arc defines (RFC 5280 §A). */
export const pkixFields = defineFields({
  access: count('pkix1implicit.AuthorityInfoAccessSyntax', 'AuthorityInfoAccessSyntax'),
  description: element('pkix1implicit.AccessDescription_element', 'AccessDescription'),
  method: { name: 'pkix1implicit.accessMethod', ...put('oid', 'accessMethod') },
  location: count('pkix1implicit.accessLocation', 'accessLocation'),
  notice: element('pkix1implicit.UserNotice_element', 'UserNotice'),
  directory: { name: 'pkix1explicit.DirectoryString', ...put('string', 'DirectoryString') },
});

/** OCSP (RFC 6960 §4). */
export const ocspFields = defineFields({
  request: element('ocsp.tbsRequest_element', 'tbsRequest'),
  requests: count('ocsp.requestList', 'requestList'),
  item: element('ocsp.Request_element', 'Request'),
  certificate: element('ocsp.reqCert_element', 'reqCert'),
  status: { name: 'ocsp.responseStatus', ...put('u32', 'responseStatus', { values: { 0: 'successful', 1: 'malformedRequest', 2: 'internalError', 3: 'tryLater', 5: 'sigRequired', 6: 'unauthorized' } }) },
  bytes: element('ocsp.responseBytes_element', 'responseBytes'),
  responseType: { name: 'ocsp.responseType.id', ...put('oid', 'ResponseType Id') },
  data: element('ocsp.tbsResponseData_element', 'tbsResponseData'),
  responder: { name: 'ocsp.responderID', ...put('u32', 'responderID', { values: { 1: 'byName', 2: 'byKey' } }) },
  byName: count('ocsp.byName', 'byName'),
  byKey: { name: 'ocsp.byKey', ...put('bytes', 'byKey') },
  producedAt: { name: 'ocsp.producedAt', ...put('abstime', 'producedAt') },
  responses: count('ocsp.responses', 'responses'),
  single: element('ocsp.SingleResponse_element', 'SingleResponse'),
  certId: element('ocsp.certID_element', 'certID'),
  hashAlgorithm: element('ocsp.hashAlgorithm_element', 'hashAlgorithm'),
  nameHash: { name: 'ocsp.issuerNameHash', ...put('bytes', 'issuerNameHash') },
  keyHash: { name: 'ocsp.issuerKeyHash', ...put('bytes', 'issuerKeyHash') },
  serial: { name: 'ocsp.serialNumber', ...put('bytes', 'serialNumber') },
  certStatus: { name: 'ocsp.certStatus', ...put('u32', 'certStatus', { values: { 0: 'good', 1: 'revoked', 2: 'unknown' } }) },
  thisUpdate: { name: 'ocsp.thisUpdate', ...put('abstime', 'thisUpdate') },
  nextUpdate: { name: 'ocsp.nextUpdate', ...put('abstime', 'nextUpdate') },
  signature: { name: 'ocsp.signature', ...put('bytes', 'signature') },
  signatureAlgorithm: element('ocsp.signatureAlgorithm_element', 'signatureAlgorithm'),
  certificates: count('ocsp.certs', 'certs'),
});
