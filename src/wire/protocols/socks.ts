import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const socksFields = defineFields({
  version: { name: 'socks.version', ...put('u8', 'Version') },
  dst: { name: 'socks.dst', ...put('ipv4', 'Remote Address') },
  dstV6: { name: 'socks.dstV6', ...put('ipv6', 'Remote Address(ipv6)') },
  v4Name: { name: 'socks.v4a_dns_name', ...put('string', 'SOCKS v4a Remote Domain Name') },
  dstPort: { name: 'socks.dstport', ...put('u16', 'Remote Port') },
  command: { name: 'socks.command', ...put('u8', 'Command', { values: { 1: 'Connect', 2: 'Bind', 3: 'UdpAssociate' } }) },
  results4: { name: 'socks.results', ...put('u8', 'Results') },
  methodCount: { name: 'socks.auth_method_count', ...put('u8', 'Authentication Method Count') },
  method: { name: 'socks.auth_method', ...put('u8', 'Method') },
  accepted: { name: 'socks.auth_accepted_method', ...put('u8', 'Accepted Auth Method') },
  reserved: { name: 'socks.reserved', ...put('u8', 'Reserved') },
  port: { name: 'socks.port', ...put('u16', 'Port') },
  authStatus: { name: 'socks.auth_status', ...put('u8', 'Status') },
  subversion: { name: 'socks.subnegotiation_version', ...put('u8', 'Subnegotiation Version') },
  username: { name: 'socks.username', ...put('string', 'User name') },
  password: { name: 'socks.password', ...put('string', 'Password') },
  remoteName: { name: 'socks.remote_name', ...put('string', 'Remote name') },
  addressType: { name: 'socks.address_type', ...put('u8', 'Address Type', { values: { 1: 'IPv4', 3: 'Domain Name', 4: 'IPv6' } }) },
});
const F = socksFields;
const PORT = 1080;

const BY_PASSWORD = 2;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

const START = 0;
const METHODS = 1;
const PASSWORD = 2;
const COMMAND = 3;
const ANSWER = 4;
const OPEN = 5;

/** Where the negotiation of one connection is, and where it leads. */
interface SocksConversation {
  state: number;
  version: number;
  port: number;
  command: number;
}

const createSocks = (): SocksConversation => ({ state: START, version: 0, port: 0, command: 0 });

/** SOCKS 4, 4a and 5: once the proxy has connected, the protocol behind it. */
export const socks = defineDissector({
  name: 'socks',
  title: 'Socks Protocol',
  spec: ['RFC 1928', 'RFC 1929', 'SOCKS: A protocol for TCP proxy across firewalls'],
  over: { 'tcp.port': [PORT] },
  fields: socksFields,
  short: 'Socks',
  dissect(p, at, end) {
    if (p.flow < 0) return DONE;
    const talk = p.trackers.state('socks', p.flow, createSocks);
    if (talk.state === OPEN) {
      p.putInt(F.version, at, 0, talk.version);
      p.putInt(F.command, at, 0, talk.command);
      p.putInt(F.dstPort, at, 0, talk.port);
      p.payload(at, p.wireEnd);
      return p.next('tcp.port', talk.port, p.dstPort === PORT ? p.srcPort : p.dstPort);
    }
    const fromClient = p.dstPort === PORT;
    const version = p.bytes[at];
    if (fromClient && talk.state === START && version === 4) putConnect4(p, at, end, talk);
    else if (!fromClient && talk.version === 4) putAnswer4(p, at, end, talk);
    else if (fromClient && talk.state === START && version === 5) putMethods(p, at, end, talk);
    else if (talk.version === 5) putStep5(p, at, end, talk, fromClient);
    return DONE;
  },
});

/** `version | command | port | address | user 0 [| name 0]`. */
function putConnect4(p: PacketView, at: number, end: number, talk: SocksConversation): void {
  const b = p.bytes;
  if (at + 8 > end) return;
  talk.version = 4;
  talk.command = b[at + 1];
  talk.port = (b[at + 2] << 8) | b[at + 3];
  talk.state = ANSWER;
  p.put(F.version, at, 1);
  p.put(F.command, at + 1, 1);
  p.put(F.dstPort, at + 2, 2);
  p.put(F.dst, at + 4, 4);
  let stop = at + 8;
  while (stop < end && b[stop] !== 0) stop++;
  p.put(F.username, at + 8, stop - at - 8);
  // An address 0.0.0.x says that a name follows (SOCKS 4a).
  if (b[at + 4] !== 0 || b[at + 5] !== 0 || b[at + 6] !== 0 || b[at + 7] === 0 || stop + 1 >= end) return;
  let name = stop + 1;
  while (name < end && b[name] !== 0) name++;
  p.put(F.v4Name, stop + 1, name - stop - 1);
}

function putAnswer4(p: PacketView, at: number, end: number, talk: SocksConversation): void {
  if (at + 8 > end) return;
  p.put(F.version, at, 1);
  p.put(F.results4, at + 1, 1);
  p.put(F.dstPort, at + 2, 2);
  p.put(F.dst, at + 4, 4);
  talk.state = OPEN;
}

function putMethods(p: PacketView, at: number, end: number, talk: SocksConversation): void {
  talk.version = 5;
  talk.state = METHODS;
  p.put(F.version, at, 1);
  if (at + 2 > end) return;
  const n = p.bytes[at + 1];
  p.put(F.methodCount, at + 1, 1);
  for (let i = 0; i < n && at + 2 + i < end; i++) p.put(F.method, at + 2 + i, 1);
}

function putStep5(p: PacketView, at: number, end: number, talk: SocksConversation, fromClient: boolean): void {
  if (at + 2 > end) return;
  const b = p.bytes;
  if (!fromClient && talk.state === METHODS) {
    p.put(F.version, at, 1);
    p.put(F.accepted, at + 1, 1);
    talk.state = b[at + 1] === BY_PASSWORD ? PASSWORD : COMMAND;
  } else if (talk.state === PASSWORD && fromClient) putPassword(p, at, end);
  else if (talk.state === PASSWORD) {
    p.put(F.subversion, at, 1);
    p.put(F.authStatus, at + 1, 1);
    talk.state = COMMAND;
  } else if ((talk.state === COMMAND && fromClient) || (talk.state === ANSWER && !fromClient)) {
    p.put(F.version, at, 1);
    p.put(fromClient ? F.command : F.results4, at + 1, 1);
    if (fromClient) talk.command = b[at + 1];
    const port = putAddress(p, at + 2, end);
    if (fromClient && port >= 0) talk.port = port;
    talk.state = fromClient ? ANSWER : b[at + 1] === 0 ? OPEN : START;
  }
}

function putPassword(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const user = b[at + 1];
  p.put(F.subversion, at, 1);
  if (at + 3 + user > end) return;
  p.put(F.username, at + 2, user);
  const password = at + 2 + user;
  if (password + 1 + b[password] <= end) p.put(F.password, password + 1, b[password]);
}

/** Reserved byte, address by its type, port. Returns the port, -1 where it is cut. */
function putAddress(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (at + 3 > end) return -1;
  p.put(F.reserved, at, 1);
  p.put(F.addressType, at + 1, 1);
  const type = b[at + 1];
  const value = at + 2;
  const length = type === IPV4 ? 4 : type === IPV6 ? 16 : type === NAME ? 1 + b[value] : -1;
  if (length < 0 || value + length + 2 > end) return -1;
  if (type === IPV4) p.put(F.dst, value, 4);
  else if (type === IPV6) p.put(F.dstV6, value, 16);
  else p.put(F.remoteName, value + 1, length - 1);
  p.put(F.port, value + length, 2);
  return (b[value + length] << 8) | b[value + length + 1];
}

export default socks;
