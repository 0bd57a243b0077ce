import { CIPHERS } from './tls-names.ts';
import { defineFields, put } from '../define-dissector.ts';
import { tlsExtensionFields } from './tls-extension-fields.ts';
import { CONTENT_TYPES, HANDSHAKE_TYPES, ALERTS, VERSIONS } from './tls-value-names.ts';

/** Records, alerts and handshake messages of TLS (`tls`) or DTLS (`dtls`), whose fields have the same names but for the first part. */
function recordFields(prefix: 'tls' | 'dtls') {
  return defineFields({
    record: { name: `${prefix}.record`, ...put('none', 'Record Layer') },
    contentType: { name: `${prefix}.record.content_type`, ...put('u8', 'Content Type', { values: CONTENT_TYPES }) },
    opaqueType: { name: `${prefix}.record.opaque_type`, ...put('u8', 'Opaque Type', { values: CONTENT_TYPES }) },
    recordVersion: { name: `${prefix}.record.version`, ...put('u16', 'Version', { base: 'hex', values: VERSIONS }) },
    recordLength: { name: `${prefix}.record.length`, ...put('u16', 'Length') },
    negotiated: { name: `${prefix}.negotiated_version`, ...put('u16', 'Version in use', { base: 'hex', values: VERSIONS }) },
    changeCipherSpec: { name: `${prefix}.change_cipher_spec`, ...put('none', 'Change Cipher Spec Message') },
    appData: { name: `${prefix}.app_data`, ...put('bytes', 'Encrypted Application Data') },
    appDataProto: { name: `${prefix}.app_data_proto`, ...put('string', 'Application Data Protocol') },
    alert: { name: `${prefix}.alert_message`, ...put('none', 'Alert Message') },
    alertLevel: { name: `${prefix}.alert_message.level`, ...put('u8', 'Level', { values: { 1: 'Warning', 2: 'Fatal' } }) },
    alertDesc: { name: `${prefix}.alert_message.desc`, ...put('u8', 'Description', { values: ALERTS }) },
    heartbeat: { name: `${prefix}.heartbeat_message`, ...put('none', 'Heartbeat Message') },
    heartbeatType: { name: `${prefix}.heartbeat_message.type`, ...put('u8', 'Type', { values: { 1: 'Request', 2: 'Response' } }) },
    heartbeatLength: { name: `${prefix}.heartbeat_message.payload_length`, ...put('u16', 'Payload Length') },
    heartbeatPayload: { name: `${prefix}.heartbeat_message.payload`, ...put('bytes', 'Payload') },
    heartbeatPadding: { name: `${prefix}.heartbeat_message.padding`, ...put('bytes', 'Padding') },
    heartbeatInvalid: { name: `${prefix}.heartbeat_message.payload_length.invalid`, ...put('none', 'Invalid heartbeat payload length') },
    handshake: { name: `${prefix}.handshake`, ...put('none', 'Handshake Protocol') },
    type: { name: `${prefix}.handshake.type`, ...put('u8', 'Handshake Type', { values: HANDSHAKE_TYPES }) },
    length: { name: `${prefix}.handshake.length`, ...put('u24', 'Length') },
    fragments: { name: `${prefix}.handshake.fragments`, ...put('none', 'Reassembled Handshake Fragments') },
    fragment: { name: `${prefix}.handshake.fragment`, ...put('framenum', 'Handshake Fragment') },
    fragmentCount: { name: `${prefix}.handshake.fragment.count`, ...put('u32', 'Handshake Fragment count') },
    reassembledIn: { name: `${prefix}.handshake.reassembled_in`, ...put('framenum', 'Reassembled Handshake Message in frame') },
    version: { name: `${prefix}.handshake.version`, ...put('u16', 'Version', { base: 'hex', values: VERSIONS }) },
    random: { name: `${prefix}.handshake.random`, ...put('bytes', 'Random') },
    randomTime: { name: `${prefix}.handshake.random_time`, ...put('abstime', 'GMT Unix Time') },
    randomBytes: { name: `${prefix}.handshake.random_bytes`, ...put('bytes', 'Random Bytes') },
    sessionIdLength: { name: `${prefix}.handshake.session_id_length`, ...put('u8', 'Session ID Length') },
    sessionId: { name: `${prefix}.handshake.session_id`, ...put('bytes', 'Session ID') },
    cookieLength: { name: `${prefix}.handshake.cookie_length`, ...put('u8', 'Cookie Length') },
    cookie: { name: `${prefix}.handshake.cookie`, ...put('bytes', 'Cookie') },
    ciphersLength: { name: `${prefix}.handshake.cipher_suites_length`, ...put('u16', 'Cipher Suites Length') },
    ciphers: { name: `${prefix}.handshake.ciphersuites`, ...put('none', 'Cipher Suites') },
    cipher: { name: `${prefix}.handshake.ciphersuite`, ...put('u16', 'Cipher Suite', { base: 'hex', values: CIPHERS }) },
    cipherSpecLength: { name: `${prefix}.handshake.cipher_spec_len`, ...put('u16', 'Cipher Spec Length') },
    cipherSpec: { name: `${prefix}.handshake.cipherspec`, ...put('u24', 'Cipher Spec', { base: 'hex' }) },
    challengeLength: { name: `${prefix}.handshake.challenge_length`, ...put('u16', 'Challenge Length') },
    challenge: { name: `${prefix}.handshake.challenge`, ...put('none', 'Challenge') },
    compressionsLength: { name: `${prefix}.handshake.comp_methods_length`, ...put('u8', 'Compression Methods Length') },
    compressions: { name: `${prefix}.handshake.comp_methods`, ...put('none', 'Compression Methods') },
    compression: { name: `${prefix}.handshake.comp_method`, ...put('u8', 'Compression Method') },
    ja3Full: { name: `${prefix}.handshake.ja3_full`, ...put('string', 'JA3 Fullstring') },
    ja3: { name: `${prefix}.handshake.ja3`, ...put('string', 'JA3') },
    ja3sFull: { name: `${prefix}.handshake.ja3s_full`, ...put('string', 'JA3S Fullstring') },
    ja3s: { name: `${prefix}.handshake.ja3s`, ...put('string', 'JA3S') },
    ja4: { name: `${prefix}.handshake.ja4`, ...put('string', 'JA4') },
    certificatesLength: { name: `${prefix}.handshake.certificates_length`, ...put('u24', 'Certificates Length') },
    certificates: { name: `${prefix}.handshake.certificates`, ...put('none', 'Certificates') },
    certificateLength: { name: `${prefix}.handshake.certificate_length`, ...put('u24', 'Certificate Length') },
    certificate: { name: `${prefix}.handshake.certificate`, ...put('bytes', 'Certificate') },
    requestContextLength: { name: `${prefix}.handshake.certificate_request_context_length`, ...put('u8', 'Certificate Request Context Length') },
    requestContext: { name: `${prefix}.handshake.certificate_request_context`, ...put('bytes', 'Certificate Request Context') },
    ticketLifetime: { name: `${prefix}.handshake.session_ticket_lifetime_hint`, ...put('u32', 'Session Ticket Lifetime Hint') },
    ticketAgeAdd: { name: `${prefix}.handshake.session_ticket_age_add`, ...put('u32', 'Session Ticket Age Add') },
    ticketNonceLength: { name: `${prefix}.handshake.session_ticket_nonce_length`, ...put('u8', 'Session Ticket Nonce Length') },
    ticketNonce: { name: `${prefix}.handshake.session_ticket_nonce`, ...put('bytes', 'Session Ticket Nonce') },
    ticketLength: { name: `${prefix}.handshake.session_ticket_length`, ...put('u16', 'Session Ticket Length') },
    ticket: { name: `${prefix}.handshake.session_ticket`, ...put('bytes', 'Session Ticket') },
    verifyData: { name: `${prefix}.handshake.verify_data`, ...put('none', 'Verify Data') },
    keyUpdate: { name: `${prefix}.handshake.key_update.request_update`, ...put('u8', 'Key Update Request') },
    typesCount: { name: `${prefix}.handshake.cert_types_count`, ...put('u8', 'Certificate types count') },
    types: { name: `${prefix}.handshake.cert_types`, ...put('none', 'Certificate types') },
    certificateType: { name: `${prefix}.handshake.cert_type`, ...put('u8', 'Certificate type') },
    namesLength: { name: `${prefix}.handshake.dnames_len`, ...put('u16', 'Distinguished Names Length') },
    names: { name: `${prefix}.handshake.dnames`, ...put('none', 'Distinguished Names') },
    nameLength: { name: `${prefix}.handshake.dname_len`, ...put('u16', 'Distinguished Name Length') },
    distinguishedName: { name: `${prefix}.handshake.dname`, ...put('none', 'Distinguished Name') },
    ocspLength: { name: `${prefix}.handshake.ocsp_response_len`, ...put('u24', 'OCSP Response Length') },
    compressedAlgorithm: { name: `${prefix}.compress_certificate.algorithm`, ...put('u16', 'Algorithm') },
    uncompressedLength: { name: `${prefix}.compress_certificate.uncompressed_length`, ...put('u24', 'Uncompressed Length') },
    compressedLength: { name: `${prefix}.compress_certificate.compressed_certificate_message.length`, ...put('u24', 'Length') },
    compressedMessage: { name: `${prefix}.compress_certificate.compressed_certificate_message`, ...put('bytes', 'Compressed Certificate Message') },
    resumed: { name: `${prefix}.resumed`, ...put('none', 'This session reuses previously negotiated keys (Session resumption)') },
    ignored: { name: `${prefix}.ignored_unknown_record`, ...put('none', 'Ignored Unknown Record') },
    continuation: { name: `${prefix}.continuation_data`, ...put('none', 'Continuation Data') },
    tooSmall: { name: `${prefix}.malformed.buffer_too_small`, ...put('none', 'Malformed message, not enough data is available') },
    segmentData: { name: `${prefix}.segment.data`, ...put('bytes', 'TLS segment data') },
  });
}

/** What the two parties send to agree on keys, by method (RFC 5246 §7.4.3, §7.4.7, RFC 8422 §5). */
function keyExchangeFields(prefix: 'tls' | 'dtls') {
  return defineFields({
    curveType: { name: `${prefix}.handshake.server_curve_type`, ...put('u8', 'Curve Type', { base: 'hex' }) },
    namedCurve: { name: `${prefix}.handshake.server_named_curve`, ...put('u16', 'Named Curve', { base: 'hex' }) },
    serverPointLength: { name: `${prefix}.handshake.server_point_len`, ...put('u8', 'Pubkey Length') },
    serverPoint: { name: `${prefix}.handshake.server_point`, ...put('bytes', 'Pubkey') },
    clientPointLength: { name: `${prefix}.handshake.client_point_len`, ...put('u8', 'Pubkey Length') },
    clientPoint: { name: `${prefix}.handshake.client_point`, ...put('bytes', 'Pubkey') },
    pLength: { name: `${prefix}.handshake.p_len`, ...put('u16', 'p Length') },
    p: { name: `${prefix}.handshake.p`, ...put('bytes', 'p') },
    gLength: { name: `${prefix}.handshake.g_len`, ...put('u16', 'g Length') },
    g: { name: `${prefix}.handshake.g`, ...put('bytes', 'g') },
    serverKeyLength: { name: `${prefix}.handshake.ys_len`, ...put('u16', 'Pubkey Length') },
    serverKey: { name: `${prefix}.handshake.ys`, ...put('bytes', 'Pubkey') },
    clientKeyLength: { name: `${prefix}.handshake.yc_len`, ...put('u16', 'Pubkey Length') },
    clientKey: { name: `${prefix}.handshake.yc`, ...put('bytes', 'Pubkey') },
    premasterLength: { name: `${prefix}.handshake.epms_len`, ...put('u16', 'Encrypted PreMaster length') },
    premaster: { name: `${prefix}.handshake.epms`, ...put('bytes', 'Encrypted PreMaster') },
    signatureLength: { name: `${prefix}.handshake.sig_len`, ...put('u16', 'Signature Length') },
    signatureValue: { name: `${prefix}.handshake.sig`, ...put('bytes', 'Signature') },
    verifyLength: { name: `${prefix}.handshake.client_cert_vrfy.sig_len`, ...put('u16', 'Signature length') },
    verifySignature: { name: `${prefix}.handshake.client_cert_vrfy.sig`, ...put('bytes', 'Signature') },
    hintLength: { name: `${prefix}.handshake.hint_len`, ...put('u16', 'Hint Length') },
    hint: { name: `${prefix}.handshake.hint`, ...put('bytes', 'Hint') },
    identityLength: { name: `${prefix}.handshake.identity_len`, ...put('u16', 'Identity Length') },
    identity: { name: `${prefix}.handshake.identity`, ...put('bytes', 'Identity') },
  });
}

/** All fields of one of the two. */
function allFields(prefix: 'tls' | 'dtls') {
  return { ...recordFields(prefix), ...keyExchangeFields(prefix), ...tlsExtensionFields(prefix) };
}

export type TlsFields = ReturnType<typeof allFields>;

/** Fields of TLS over TCP. */
export const tlsFields: TlsFields = allFields('tls');
/** Fields of DTLS, but for those of its own record and message heads. */
export const dtlsCommonFields: TlsFields = allFields('dtls');
