import { defineFields, put } from '../define-dissector.ts';

/** X.509 names of attributes (ITU-T X.520). */
export const x509satFields = defineFields({
  printable: { name: 'x509sat.printableString', ...put('string', 'printableString') },
  utf8: { name: 'x509sat.uTF8String', ...put('string', 'uTF8String') },
  teletex: { name: 'x509sat.teletexString', ...put('string', 'teletexString') },
  bmp: { name: 'x509sat.bmpString', ...put('string', 'bmpString') },
  universal: { name: 'x509sat.universalString', ...put('string', 'universalString') },
  country: { name: 'x509sat.CountryName', ...put('string', 'CountryName') },
  serialNumber: { name: 'x509sat.serialNumber', ...put('string', 'SerialNumber') },
});

/** Extensions of certificates (RFC 5280 §4.2). */
export const x509ceFields = defineFields({
  dnsName: { name: 'x509ce.dNSName', ...put('string', 'dNSName') },
  uri: { name: 'x509ce.uniformResourceIdentifier', ...put('string', 'uniformResourceIdentifier') },
  ipAddress: { name: 'x509ce.iPAddress', ...put('bytes', 'iPAddress') },
});

/** The certificate itself. */
export const x509afFields = defineFields({
  serial: { name: 'x509af.serialNumber', ...put('bytes', 'serialNumber') },
  utcTime: { name: 'x509af.utcTime', ...put('string', 'utcTime') },
  generalizedTime: { name: 'x509af.generalizedTime', ...put('string', 'generalizedTime') },
});

/** Names as sequences of pairs. */
export const x509ifFields = defineFields({
  item: { name: 'x509if.RelativeDistinguishedName_item_element', ...put('none', 'RelativeDistinguishedName item') },
  rdn: { name: 'x509if.RDNSequence_item', ...put('u32', 'RDNSequence item') },
});
