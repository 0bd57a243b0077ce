// Protocols of which each message is one transaction: which of its fields make the columns of the log. Names of logs and columns are
// Zeek's where Zeek has them.
import type { LogType } from '../wire/session.ts';

/** One column: the field that it shows, and how. */
export interface MessageColumn {
  readonly type: LogType;
  /** Wireshark's name of the field; the first of several that is there. */
  readonly fields: readonly string[];
  /** The name of the value, not its number. */
  readonly named: boolean;
}

export interface MessageLog {
  readonly log: string;
  readonly service: string;
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly number[];
  readonly dissector: string;
  readonly columns: Readonly<Record<string, MessageColumn>>;
  /** Fields of a secret in clear text and of the name that it belongs to, and what it is called; it is told, never logged by this. */
  readonly credential?: { readonly method: string; readonly user: string | null; readonly secret: string };
  /** Left out where the service's signature tells. */
  recognise?(b: Uint8Array, at: number, end: number): 'yes' | 'no' | 'maybe';
}

/** `name:type=field|field`, with `!` before the fields for the names of their values. */
function columns(text: string): Record<string, MessageColumn> {
  return Object.fromEntries(text.trim().split(/\s+/).map((entry) => {
    const [head, fields] = entry.split('=');
    const [name, type] = head.split(':');
    const named = fields.startsWith('!');
    return [name, { type: type as LogType, fields: fields.slice(named ? 1 : 0).split('|'), named }];
  }));
}

const NTP = columns(`version:count=ntp.flags.vn mode:count=ntp.flags.mode stratum:count=ntp.stratum poll:count=ntp.ppoll precision:int=ntp.precision
  ref_id:string=ntp.refid ref_time:time=ntp.reftime org_time:time=ntp.org rec_time:time=ntp.rec xmt_time:time=ntp.xmt`);
const SNMP = columns(`version:string=!snmp.version community:string=snmp.community user:string=snmp.msgUserName pdu:string=!snmp.data
  request_id:int=snmp.request_id error_status:string=!snmp.error_status names:vector[string]=snmp.name`);
const RADIUS = columns(`code:string=!radius.code id:count=radius.id username:string=radius.User_Name mac:string=radius.Calling_Station_Id
  framed_addr:addr=radius.Framed-IP-Address nas:addr=radius.NAS_IP_Address reply_msg:string=radius.Reply_Message`);
const SIP = columns(`method:string=sip.Method uri:string=sip.r-uri from:string=sip.From to:string=sip.To call_id:string=sip.Call-ID seq:string=sip.CSeq
  user_agent:string=sip.User-Agent status_code:count=sip.Status-Code content_type:string=sip.Content-Type`);
const SYSLOG = columns('facility:string=!syslog.facility severity:string=!syslog.level message:string=syslog.msg');
const MQTT = columns(`type:string=!mqtt.msgtype client_id:string=mqtt.clientid username:string=mqtt.username topic:string=mqtt.topic qos:count=mqtt.qos
  retain:bool=mqtt.retain return_code:string=!mqtt.conack.val`);
const MODBUS = columns('tid:count=mbtcp.trans_id unit:count=mbtcp.unit_id func:string=!modbus.func_code exception:string=!modbus.exception_code reference:count=modbus.reference_num');
const DNP3 = columns('src:count=dnp3.src dst:count=dnp3.dst fc:string=!dnp3.al.func iin:count=dnp3.al.iin');
const KERBEROS = columns(`request_type:string=!kerberos.msg_type client:vector[string]=kerberos.CNameString service:vector[string]=kerberos.SNameString
  realm:string=kerberos.realm|kerberos.crealm error_code:string=!kerberos.error_code ciphers:vector[count]=kerberos.etype`);
const LDAP = columns('message_id:int=ldap.messageID opcode:string=!ldap.protocolOp name:string=ldap.name object:string=ldap.baseObject result:string=!ldap.resultCode');

/** A message of Kerberos (RFC 4120 §5): a DER element of an application tag, 10 to 30. */
function isKerberos(b: Uint8Array, at: number, end: number): 'yes' | 'no' {
  return end - at > 16 && b[at] >= 0x6a && b[at] <= 0x7e && (b[at + 1] & 0x80) !== 0 ? 'yes' : 'no';
}

/** Link frames of DNP3 (IEEE 1815 §9.2) begin with two bytes of their own. */
function isDnp3(b: Uint8Array, at: number, end: number): 'yes' | 'no' | 'maybe' {
  if (b[at] !== 0x05) return 'no';
  return end - at < 2 ? 'maybe' : b[at + 1] === 0x64 && (end - at < 3 || b[at + 2] >= 5) ? 'yes' : 'no';
}

export const MESSAGE_LOGS: readonly MessageLog[] = [
  { log: 'ntp', service: 'ntp', transport: 'udp', ports: [123], dissector: 'ntp', columns: NTP },
  { log: 'snmp', service: 'snmp', transport: 'udp', ports: [161, 162], dissector: 'snmp', columns: SNMP, credential: { method: 'community', user: null, secret: 'snmp.community' } },
  { log: 'radius', service: 'radius', transport: 'udp', ports: [1812, 1813, 1645, 1646], dissector: 'radius', columns: RADIUS },
  { log: 'sip', service: 'sip', transport: 'udp', ports: [5060], dissector: 'sip', columns: SIP },
  { log: 'sip', service: 'sip', transport: 'tcp', ports: [5060], dissector: 'sip', columns: SIP },
  { log: 'syslog', service: 'syslog', transport: 'udp', ports: [514], dissector: 'syslog', columns: SYSLOG },
  { log: 'mqtt', service: 'mqtt', transport: 'tcp', ports: [1883], dissector: 'mqtt', columns: MQTT },
  { log: 'modbus', service: 'modbus', transport: 'tcp', ports: [502], dissector: 'mbtcp', columns: MODBUS },
  { log: 'dnp3', service: 'dnp3_tcp', transport: 'tcp', ports: [20000], dissector: 'dnp3', columns: DNP3, recognise: isDnp3 },
  { log: 'kerberos', service: 'krb', transport: 'udp', ports: [88], dissector: 'kerberos', columns: KERBEROS, recognise: isKerberos },
  { log: 'ldap', service: 'ldap_tcp', transport: 'tcp', ports: [389], dissector: 'ldap', columns: LDAP, credential: { method: 'simple bind', user: 'ldap.name', secret: 'ldap.simple' } },
];
