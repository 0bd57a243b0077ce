import { u16be, u24be, u32be } from '../base/bytes.ts';

/** Names a service by its first bytes, for protocols that no session reads yet. The names are Zeek's. */
export interface ServiceSignature {
  readonly service: string;
  readonly transport: 'tcp' | 'udp';
  /** UDP: where it is looked for. TCP: everywhere. */
  readonly ports: readonly number[];
  /** Do the first bytes of direction `dir` (0 = initiator) begin this protocol? Strict: a wrong name is worse than none. */
  recognise(b: Uint8Array, at: number, end: number, dir: 0 | 1): 'yes' | 'no' | 'maybe';
}

type Answer = 'yes' | 'no' | 'maybe';

/** Does the stream begin with one of these texts? */
function begins(b: Uint8Array, at: number, end: number, texts: readonly string[]): Answer {
  let answer: Answer = 'no';
  for (const text of texts) {
    const n = Math.min(text.length, end - at);
    let k = 0;
    while (k < n && b[at + k] === text.charCodeAt(k)) k++;
    if (k === text.length) return 'yes';
    if (k === end - at) answer = 'maybe';
  }
  return answer;
}

function holds(b: Uint8Array, at: number, end: number, text: string): boolean {
  for (let i = at; i + text.length <= end; i++) {
    let k = 0;
    while (k < text.length && (b[i + k] | 0x20) === (text.charCodeAt(k) | 0x20)) k++;
    if (k === text.length) return true;
  }
  return false;
}

/** A greeting `220 ...`: of mail or of files, as its words say; the answer to both is a command. */
function greeting(words: readonly string[], commands: readonly string[]) {
  return (b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer => {
    if (dir === 0) return begins(b, at, end, commands);
    const start = begins(b, at, end, GREETINGS);
    return start !== 'yes' ? start : words.some((word) => holds(b, at, end, word)) ? 'yes' : 'no';
  };
}

const GREETINGS = ['220 ', '220-'];

function onEither(texts: readonly string[]) {
  return (b: Uint8Array, at: number, end: number): Answer => begins(b, at, end, texts);
}

function onServer(texts: readonly string[]) {
  return (b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer => (dir === 1 ? begins(b, at, end, texts) : 'no');
}

function onClient(texts: readonly string[]) {
  return (b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer => (dir === 0 ? begins(b, at, end, texts) : 'no');
}

export const SERVICE_SIGNATURES: readonly ServiceSignature[] = [
  // RFC 4253 §4.2
  { service: 'ssh', transport: 'tcp', ports: [22], recognise: onEither(['SSH-2.0-', 'SSH-1.']) },
  { service: 'smtp', transport: 'tcp', ports: [25, 587], recognise: greeting(['smtp', 'mail', 'postfix', 'exim'], ['EHLO ', 'HELO ', 'ehlo ', 'helo ', 'LHLO ']) },
  { service: 'ftp', transport: 'tcp', ports: [21], recognise: greeting(['ftp'], ['USER anonymous', 'AUTH TLS\r\n']) },
  { service: 'pop3', transport: 'tcp', ports: [110], recognise: onServer(['+OK ']) },
  { service: 'imap', transport: 'tcp', ports: [143], recognise: onServer(['* OK ', '* PREAUTH ']) },
  { service: 'irc', transport: 'tcp', ports: [6667], recognise: onClient(['NICK ', 'CAP LS', 'PASS ', 'WEBIRC ']) },
  { service: 'xmpp', transport: 'tcp', ports: [5222], recognise: onClient(["<?xml version='1.0'?><stream:stream", '<?xml version="1.0"?><stream:stream', '<stream:stream']) },
  { service: 'sip', transport: 'tcp', ports: [5060], recognise: onClient(['REGISTER sip:', 'INVITE sip:', 'OPTIONS sip:']) },
  { service: 'rfb', transport: 'tcp', ports: [5900], recognise: onEither(['RFB 003.']) },
  // RFC 2251 is BER: a bind request is a sequence with a message id and application tag 0.
  { service: 'ldap_tcp', transport: 'tcp', ports: [389], recognise: isLdap },
  // MS-SMB2 §2.1: a NetBIOS session header, then the mark of version 1 or 2.
  { service: 'smb', transport: 'tcp', ports: [445, 139], recognise: isSmb },
  { service: 'dce_rpc', transport: 'tcp', ports: [135], recognise: isDceRpc },
  { service: 'rdp', transport: 'tcp', ports: [3389], recognise: isRdp },
  { service: 'modbus', transport: 'tcp', ports: [502], recognise: isModbus },
  { service: 'mqtt', transport: 'tcp', ports: [1883], recognise: isMqtt },
  { service: 'mysql', transport: 'tcp', ports: [3306], recognise: isMysql },
  { service: 'bittorrent', transport: 'tcp', ports: [6881], recognise: onEither(['\x13BitTorrent protocol']) },
  { service: 'dns', transport: 'udp', ports: [137], recognise: isNetbiosName },
  { service: 'ntp', transport: 'udp', ports: [123], recognise: isNtp },
  { service: 'snmp', transport: 'udp', ports: [161, 162], recognise: isSnmp },
  {
    service: 'sip', transport: 'udp', ports: [5060],
    recognise: onEither(['REGISTER ', 'INVITE ', 'OPTIONS ', 'SUBSCRIBE ', 'NOTIFY ', 'PUBLISH ', 'MESSAGE ', 'ACK ', 'BYE ', 'CANCEL ', 'SIP/2.0 ']),
  },
  { service: 'syslog', transport: 'udp', ports: [514], recognise: (b, at) => (b[at] === 0x3c && b[at + 1] >= 0x30 && b[at + 1] <= 0x39 ? 'yes' : 'no') },
  { service: 'radius', transport: 'udp', ports: [1812, 1813], recognise: (b, at, end) => (end - at >= 20 && u16be(b, at + 2) === end - at && b[at] >= 1 && b[at] <= 13 ? 'yes' : 'no') },
  { service: 'dhcp', transport: 'udp', ports: [67, 68], recognise: (b, at, end) => (end - at >= 240 && u32be(b, at + 236) === 0x63825363 ? 'yes' : 'no') },
  { service: 'quic', transport: 'udp', ports: [443], recognise: (b, at, end) => (end - at >= 1200 && (b[at] & 0xc0) === 0xc0 && (u32be(b, at + 1) === 1 || u32be(b, at + 1) === 0x6b3343cf) ? 'yes' : 'no') },
  { service: 'ayiya', transport: 'udp', ports: [5072], recognise: (b, at, end) => (end - at >= 44 && b[at + 3] === 41 ? 'yes' : 'no') },
  { service: 'vxlan', transport: 'udp', ports: [4789], recognise: (b, at, end) => (end - at >= 22 && b[at] === 8 && u24be(b, at + 1) === 0 ? 'yes' : 'no') },
  { service: 'geneve', transport: 'udp', ports: [6081], recognise: (b, at, end) => (end - at >= 22 && b[at] >> 6 === 0 && (u16be(b, at + 2) === 0x6558 || u16be(b, at + 2) === 0x800 || u16be(b, at + 2) === 0x86dd) ? 'yes' : 'no') },
];

function isLdap(b: Uint8Array, at: number, end: number): Answer {
  if (b[at] !== 0x30) return 'no';
  if (end - at < 12) return 'maybe';
  let p = at + 2;
  if ((b[at + 1] & 0x80) !== 0) p += b[at + 1] & 0x7f;
  return b[p] === 2 && b[p + 1] >= 1 && b[p + 1] <= 4 && b[p + 2 + b[p + 1]] === 0x60 ? 'yes' : 'no';
}

function isSmb(b: Uint8Array, at: number, end: number): Answer {
  if (b[at] !== 0) return 'no';
  if (end - at < 8) return 'maybe';
  return (b[at + 4] === 0xff || b[at + 4] === 0xfe) && u24be(b, at + 5) === 0x534d42 ? 'yes' : 'no';
}

/** Connection-oriented RPC (C706 §12.6): version 5.0 or 5.1, a bind, its own length. */
function isDceRpc(b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer {
  if (dir !== 0 || b[at] !== 5) return 'no';
  if (end - at < 16) return 'maybe';
  const length = (b[at + 4] & 0xf0) === 0x10 ? b[at + 8] | (b[at + 9] << 8) : u16be(b, at + 8);
  return b[at + 1] <= 1 && b[at + 2] === 11 && length >= 24 && length >= end - at ? 'yes' : 'no';
}

/** The server's answer of X.224 in TPKT with a negotiation response or failure (MS-RDPBCGR §2.2.1.2): scanners send the request anywhere. */
function isRdp(b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer {
  if (dir !== 1 || b[at] !== 3) return 'no';
  if (end - at < 19) return 'maybe';
  return b[at + 1] === 0 && u16be(b, at + 2) === end - at && b[at + 5] === 0xd0 && (b[at + 11] === 2 || b[at + 11] === 3) ? 'yes' : 'no';
}

/** Modbus/TCP: protocol 0, a length that is right, a function of the standard. */
function isModbus(b: Uint8Array, at: number, end: number): Answer {
  if (end - at < 8) return b[at + 2] === 0 || end - at < 3 ? 'maybe' : 'no';
  const length = u16be(b, at + 4);
  const code = b[at + 7] & 0x7f;
  return u16be(b, at + 2) === 0 && length >= 2 && length <= 254 && at + 6 + length === end && code >= 1 && code <= 43 ? 'yes' : 'no';
}

function isMqtt(b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer {
  if (dir !== 0 || b[at] !== 0x10) return 'no';
  if (end - at < 10) return 'maybe';
  return holds(b, at, Math.min(end, at + 12), 'MQTT') || holds(b, at, Math.min(end, at + 14), 'MQIsdp') ? 'yes' : 'no';
}

/** The server's greeting of protocol 10: its own length, a version text. */
function isMysql(b: Uint8Array, at: number, end: number, dir: 0 | 1): Answer {
  if (dir !== 1 || (end - at >= 5 && b[at + 4] !== 10)) return 'no';
  if (end - at < 20) return 'maybe';
  return b[at + 3] === 0 && (b[at] | (b[at + 1] << 8)) + 4 === end - at && b[at + 5] >= 0x33 && b[at + 5] <= 0x39 ? 'yes' : 'no';
}

/** NetBIOS names (RFC 1002 §4.2) are DNS messages with encoded names of 32 letters. */
function isNetbiosName(b: Uint8Array, at: number, end: number): Answer {
  return end - at >= 50 && (b[at + 12] === 0x20 || u16be(b, at + 4) === 0) ? 'yes' : 'no';
}

/** RFC 5905 §7.3: version 1 to 4, a mode, and the size of the header. */
function isNtp(b: Uint8Array, at: number, end: number): Answer {
  const version = (b[at] >> 3) & 7;
  return end - at >= 12 && version >= 1 && version <= 4 && (b[at] & 7) !== 0 && (end - at >= 48 || (b[at] & 7) >= 6) ? 'yes' : 'no';
}

/** A BER sequence that begins with version 0, 1 or 3 (RFC 3416, RFC 3412). */
function isSnmp(b: Uint8Array, at: number, end: number): Answer {
  if (end - at < 12 || b[at] !== 0x30) return 'no';
  const p = at + 2 + ((b[at + 1] & 0x80) !== 0 ? b[at + 1] & 0x7f : 0);
  return b[p] === 2 && b[p + 1] === 1 && (b[p + 2] <= 1 || b[p + 2] === 3) ? 'yes' : 'no';
}
