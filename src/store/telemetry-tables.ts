import type { FlowRecord, ProbeResult, ProtocolRecord, Signal, StateChange } from '../model/index.ts';

/**
 * How a column is kept.
 *
 * `int` holds integers up to 53 bits, `ns` an instant or span in nanoseconds, `texts` and `ints` are lists, `json` is text of
 * anything else. Every kind may be null.
 */
export type ColumnKind = 'text' | 'int' | 'ns' | 'bool' | 'real' | 'texts' | 'ints' | 'json';

export interface Column {
  /** Name in SQL, snake case of the field. */
  readonly name: string;
  /** Name in the record. */
  readonly field: string;
  readonly kind: ColumnKind;
}

export type TableName = 'flows' | 'dns' | 'http' | 'tls' | 'dhcp' | 'arp' | 'anomaly' | 'file' | 'transaction' | 'probe' | 'signals' | 'states';

/** The record that each table keeps. */
export interface TableRecords {
  readonly flows: FlowRecord;
  readonly dns: Extract<ProtocolRecord, { kind: 'dns' }>;
  readonly http: Extract<ProtocolRecord, { kind: 'http' }>;
  readonly tls: Extract<ProtocolRecord, { kind: 'tls' }>;
  readonly dhcp: Extract<ProtocolRecord, { kind: 'dhcp' }>;
  readonly arp: Extract<ProtocolRecord, { kind: 'arp' }>;
  readonly anomaly: Extract<ProtocolRecord, { kind: 'anomaly' }>;
  readonly file: Extract<ProtocolRecord, { kind: 'file' }>;
  readonly transaction: Extract<ProtocolRecord, { kind: 'transaction' }>;
  readonly probe: ProbeResult;
  readonly signals: Signal;
  readonly states: StateChange;
}

/** `srcIp` becomes `src_ip`, `ja3s` stays. */
export function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
}

/** `field:kind field:kind`; no kind = text. */
function columns(text: string): Column[] {
  return text.trim().split(/\s+/).map((entry) => {
    const [field, kind = 'text'] = entry.split(':');
    return { name: snakeCase(field), field, kind: kind as ColumnKind };
  });
}

const HEAD = 'schema:int id dataset sensorId siteId linkId sampling:int loss:real time:ns';
const PROTOCOL = `${HEAD} kind flowId srcIp dstIp srcPort:int dstPort:int proto:int firstFrame:int lastFrame:int`;

/**
 * The tables of a day file, in the order in which their columns came to be: columns are only ever added, at the end.
 *
 * Addresses are 32 hex digits, so that a CIDR is a BETWEEN.
 */
export const TABLES: Readonly<Record<TableName, readonly Column[]>> = {
  flows: columns(`${HEAD} srcIp dstIp srcPort:int dstPort:int proto:int service:texts firstFrame:int lastFrame:int end:ns duration:ns
    connState history srcBytes:int dstBytes:int srcPackets:int dstPackets:int srcIpBytes:int dstIpBytes:int missedBytes:int
    communityId vlans:ints srcMac dstMac direction endReason`),
  dns: columns(`${PROTOCOL} transactionId:int query qtype:int qclass:int rcode:int authoritative:bool truncated:bool
    recursionDesired:bool recursionAvailable:bool answers:texts answerTypes:ints ttls:ints addresses:texts rtt:ns queryFrame:int
    responseFrame:int queryBytes:int responseBytes:int`),
  http: columns(`${PROTOCOL} transDepth:int method host uri version userAgent referrer requestContentType statusCode:int statusText
    server location contentType contentEncoding requestBodyBytes:int responseBodyBytes:int complete:bool requestFrame:int
    responseFrame:int responseTime:ns`),
  tls: columns(`${PROTOCOL} version cipher:int curve:int serverName alpn:texts nextProtocol resumed:bool established:bool ja3 ja3s
    ja4 certificates:json lastAlert clientHelloFrame:int serverHelloFrame:int`),
  dhcp: columns(`${PROTOCOL} transactionId:int clientMac hostname clientFqdn vendorClass requestedIp assignedIp serverIp
    leaseSeconds:int messages:texts parameterRequest:ints`),
  arp: columns(`${PROTOCOL} operation senderMac targetMac gratuitous:bool`),
  anomaly: columns(`${PROTOCOL} name count:int`),
  file: columns(`${PROTOCOL} source name declaredType mimeType fromInitiator:bool depth:int bytes:int announcedBytes:int missingBytes:int
    complete:bool sha256 sha1 md5`),
  transaction: columns(`${PROTOCOL} protocol values:json`),
  probe: columns(`${HEAD} kind checkId targetId probe ok:bool failure:json sent:int received:int rttNs:json measurements:json notes:json
    duration:ns loopDelayNs:int`),
  signals: columns(`schema:int id kind name status time:ns startsAt:ns labels:json annotations:json severity confidence:real
    techniques:texts evidence:json loss:real score:json drill:bool`),
  states: columns('checkId targetId time:ns from to hard:bool causes:texts figures:json labels:json reason steps:json'),
};

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];
