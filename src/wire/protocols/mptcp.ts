import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const CAPABLE = 0;
const JOIN = 1;
const DSS = 2;
const ADD_ADDRESS = 3;
const REMOVE_ADDRESS = 4;
const PRIORITY = 5;
const FAIL = 6;
const FAST_CLOSE = 7;
const RESET = 8;

const SUBTYPES = {
  0: 'Multipath Capable', 1: 'Join Connection', 2: 'Data Sequence Signal', 3: 'Add Address', 4: 'Remove Address', 5: 'Change Subflow Priority', 6: 'TCP Fallback',
  7: 'Fast Close', 8: 'TCP Reset',
} as const;

// Flags of a data sequence signal (RFC 8684 §3.3).
const ACK_PRESENT = 0x01;
const ACK_IS_LONG = 0x02;
const MAPPING_PRESENT = 0x04;
const SEQUENCE_IS_LONG = 0x08;

export const mptcpFields = defineFields({
  subtype: { name: 'tcp.options.mptcp.subtype', ...put('u8', 'Multipath TCP subtype', { mask: 0xf0, values: SUBTYPES }) },
  version: { name: 'tcp.options.mptcp.version', ...put('u8', 'Multipath TCP version', { mask: 0x0f }) },
  flags: { name: 'tcp.options.mptcp.flags', ...put('u8', 'Multipath TCP flags', { base: 'hex' }) },
  checksumRequired: { name: 'tcp.options.mptcp.checksumreq.flags', ...put('u8', 'Checksum required', { mask: 0x80 }) },
  extensibility: { name: 'tcp.options.mptcp.extensibility.flag', ...put('u8', 'Extensibility', { mask: 0x40 }) },
  noMoreSubflows: { name: 'tcp.options.mptcp.nomoresubflows.flag', ...put('u8', 'Do not attempt to establish new subflows to this address and port', { mask: 0x20 }) },
  sha1: { name: 'tcp.options.mptcp.sha1.flag', ...put('u8', 'Use HMAC-SHA1', { mask: 0x01 }) },
  sha256: { name: 'tcp.options.mptcp.sha256.flag', ...put('u8', 'Use HMAC-SHA256', { mask: 0x01 }) },
  dataFin: { name: 'tcp.options.mptcp.datafin.flag', ...put('u8', 'DATA_FIN', { mask: 0x10 }) },
  sequenceLong: { name: 'tcp.options.mptcp.dseqn8.flag', ...put('u8', 'Data Sequence Number is 8 octets', { mask: SEQUENCE_IS_LONG }) },
  mappingPresent: { name: 'tcp.options.mptcp.dseqnpresent.flag', ...put('u8', 'Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present', { mask: MAPPING_PRESENT }) },
  ackLong: { name: 'tcp.options.mptcp.dataack8.flag', ...put('u8', 'Data ACK is 8 octets', { mask: ACK_IS_LONG }) },
  ackPresent: { name: 'tcp.options.mptcp.dataackpresent.flag', ...put('u8', 'Data ACK is present', { mask: ACK_PRESENT }) },
  reserved: { name: 'tcp.options.mptcp.reserved.flag', ...put('u8', 'Reserved', { base: 'hex', mask: 0x3e }) },
  sendKey: { name: 'tcp.options.mptcp.sendkey', ...put('u64', "Sender's Key") },
  receiveKey: { name: 'tcp.options.mptcp.recvkey', ...put('u64', "Receiver's Key") },
  receiveToken: { name: 'tcp.options.mptcp.recvtok', ...put('u32', "Receiver's Token") },
  sendRandom: { name: 'tcp.options.mptcp.sendrand', ...put('u32', "Sender's Random Number") },
  sendHmac: { name: 'tcp.options.mptcp.sendhmac', ...put('bytes', "Sender's HMAC") },
  truncatedHmac: { name: 'tcp.options.mptcp.sendtrunchmac', ...put('u64', "Sender's Truncated HMAC") },
  backup: { name: 'tcp.options.mptcp.backup.flag', ...put('u8', 'Backup flag', { mask: 0x01 }) },
  addressId: { name: 'tcp.options.mptcp.addrid', ...put('u8', 'Address ID') },
  dataAck: { name: 'tcp.options.mptcp.rawdataack', ...put('u64', 'Original MPTCP Data ACK') },
  dataSequence: { name: 'tcp.options.mptcp.rawdataseqno', ...put('u64', 'Data Sequence Number') },
  subflowSequence: { name: 'tcp.options.mptcp.subflowseqno', ...put('u32', 'Subflow Sequence Number') },
  dataLength: { name: 'tcp.options.mptcp.datalvllen', ...put('u16', 'Data-level Length') },
  checksum: { name: 'tcp.options.mptcp.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  ipVersion: { name: 'tcp.options.mptcp.ipver', ...put('u8', 'IP version', { mask: 0x0f }) },
  echo: { name: 'tcp.options.mptcp.echo', ...put('u8', 'Echo', { mask: 0x01 }) },
  ipv4: { name: 'tcp.options.mptcp.ipv4', ...put('ipv4', 'Advertised IPv4 Address') },
  ipv6: { name: 'tcp.options.mptcp.ipv6', ...put('ipv6', 'Advertised IPv6 Address') },
  port: { name: 'tcp.options.mptcp.port', ...put('u16', 'Advertised port') },
  addressHmac: { name: 'tcp.options.mptcp.addaddrtrunchmac', ...put('u64', 'Truncated HMAC') },
  resetReason: { name: 'tcp.options.mptcp.rst_reason', ...put('u8', 'TCP Reset Reason', { base: 'hex' }) },
});
const F = mptcpFields;

/** RFC 8684 §3.1, and §3.1 of RFC 6824 before it. */
function readCapable(p: PacketView, at: number, end: number): void {
  const isFirst = (p.bytes[at + 2] & 0x0f) === 0;
  p.put(F.version, at + 2, 1);
  if (at + 4 > end) return;
  p.put(F.flags, at + 3, 1);
  p.put(F.checksumRequired, at + 3, 1);
  p.put(F.extensibility, at + 3, 1);
  if (!isFirst) p.put(F.noMoreSubflows, at + 3, 1);
  p.put(isFirst ? F.sha1 : F.sha256, at + 3, 1);
  p.put(F.reserved, at + 3, 1);
  if (at + 12 <= end) p.put(F.sendKey, at + 4, 8);
  if (at + 20 <= end) p.put(F.receiveKey, at + 12, 8);
  if (at + 22 <= end) p.put(F.dataLength, at + 20, 2);
  if (at + 24 <= end) p.put(F.checksum, at + 22, 2);
}

/** RFC 8684 §3.2: SYN, SYN+ACK and ACK are told apart by their lengths. */
function readJoin(p: PacketView, at: number, end: number): void {
  const len = end - at;
  if (len === 12 || len === 16) {
    p.put(F.flags, at + 2, 1);
    p.put(F.backup, at + 2, 1);
    p.put(F.addressId, at + 3, 1);
  }
  if (len === 12) {
    p.put(F.receiveToken, at + 4, 4);
    p.put(F.sendRandom, at + 8, 4);
  } else if (len === 16) {
    p.put(F.truncatedHmac, at + 4, 8);
    p.put(F.sendRandom, at + 12, 4);
  } else if (len === 24) p.put(F.sendHmac, at + 4, 20);
}

/** RFC 8684 §3.3. Returns whether all that the flags announce is there. */
function readSignal(p: PacketView, at: number, end: number): boolean {
  if (at + 4 > end) return false;
  const flags = p.bytes[at + 3];
  p.put(F.flags, at + 3, 1);
  p.put(F.dataFin, at + 3, 1);
  p.put(F.sequenceLong, at + 3, 1);
  p.put(F.mappingPresent, at + 3, 1);
  p.put(F.ackLong, at + 3, 1);
  p.put(F.ackPresent, at + 3, 1);
  let i = at + 4;
  if ((flags & ACK_PRESENT) !== 0) {
    const size = (flags & ACK_IS_LONG) !== 0 ? 8 : 4;
    if (i + size > end) return false;
    p.put(F.dataAck, i, size);
    i += size;
  }
  if ((flags & MAPPING_PRESENT) === 0) return true;
  const size = (flags & SEQUENCE_IS_LONG) !== 0 ? 8 : 4;
  if (i + size + 6 > end) return false;
  p.put(F.dataSequence, i, size);
  p.put(F.subflowSequence, i + size, 4);
  p.put(F.dataLength, i + size + 4, 2);
  if (i + size + 8 <= end) p.put(F.checksum, i + size + 6, 2);
  return true;
}

/** RFC 8684 §3.4.1: four or sixteen bytes of address, then a port, then a digest, as far as the length goes. */
function readAddAddress(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const low = b[at + 2] & 0x0f;
  // The first version of the protocol had the family here.
  const isFirst = low === 4 || low === 6;
  p.put(isFirst ? F.ipVersion : F.echo, at + 2, 1);
  if (at + 4 > end) return;
  p.put(F.addressId, at + 3, 1);
  let i = at + 4;
  const rest = end - i;
  const isLong = isFirst ? low === 6 : rest >= 16;
  const size = isLong ? 16 : 4;
  if (i + size > end) return;
  p.put(isLong ? F.ipv6 : F.ipv4, i, size);
  i += size;
  if (end - i === 2 || end - i === 10) {
    p.put(F.port, i, 2);
    i += 2;
  }
  if (end - i === 8) p.put(F.addressHmac, i, 8);
}

/** Multipath TCP: an option of TCP that the list of protocols names by itself. */
export const mptcp = defineDissector({
  name: 'mptcp',
  title: 'Multipath Transmission Control Protocol',
  spec: ['RFC 8684', 'RFC 6824'],
  over: {},
  fields: mptcpFields,
  dissect(p, at, end) {
    if (end - at < 3) return p.tooShort(3);
    p.put(F.subtype, at + 2, 1);
    switch (p.bytes[at + 2] >> 4) {
      case CAPABLE:
        readCapable(p, at, end);
        return DONE;
      case JOIN:
        readJoin(p, at, end);
        return DONE;
      case DSS:
        return readSignal(p, at, end) ? DONE : p.tooShort(end - at + 1);
      case ADD_ADDRESS:
        readAddAddress(p, at, end);
        return DONE;
      case REMOVE_ADDRESS:
        for (let i = at + 3; i < end; i++) p.put(F.addressId, i, 1);
        return DONE;
      case PRIORITY:
        p.put(F.backup, at + 2, 1);
        if (at + 4 <= end) p.put(F.addressId, at + 3, 1);
        return DONE;
      case FAIL:
        if (at + 12 <= end) p.put(F.dataSequence, at + 4, 8);
        return DONE;
      case FAST_CLOSE:
        if (at + 12 <= end) p.put(F.receiveKey, at + 4, 8);
        return DONE;
      case RESET:
        if (at + 4 <= end) p.put(F.resetReason, at + 3, 1);
        return DONE;
      default:
        return DONE;
    }
  },
});
export default mptcp;
