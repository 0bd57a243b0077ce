import type { Field } from '../../filter/field.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

// Variable-length fields of IS-IS (ISO 10589 §9.3, RFC 1195 §5, IANA "IS-IS TLV Codepoints"): code 1, length 1, value.

export const AREA_ADDRESSES = 1;
export const IS_REACHABILITY = 2;
export const IS_NEIGHBORS = 6;
export const LSP_ENTRIES = 9;
export const AUTHENTICATION = 10;
export const CHECKSUM = 12;
export const EXTENDED_IS_REACHABILITY = 22;
export const IP_INTERNAL = 128;
export const PROTOCOLS = 129;
export const IP_EXTERNAL = 130;
export const IP_ADDRESSES = 132;
export const TE_ROUTER_ID = 134;
export const EXTENDED_IP = 135;
export const HOSTNAME = 137;
export const RESTART = 211;
export const MULTI_TOPOLOGY = 229;
export const IPV6_ADDRESSES = 232;
export const IPV6_REACHABILITY = 236;
export const ADJACENCY = 240;
export const INSTANCE = 7;

/** Fields of a record's head, and of those records that several units have, under the unit's name. */
export function isisTlvFields(unit: string) {
  return defineFields({
    type: { name: `${unit}.clv.type`, ...put('u8', 'Type') },
    length: { name: `${unit}.clv.length`, ...put('u8', 'Length') },
    area: { name: `${unit}.area_address`, ...put('bytes', 'Area address') },
    protocol: { name: `${unit}.clv_nlpid.nlpid`, ...put('u8', 'NLPID', { base: 'hex' }) },
    ip: { name: `${unit}.clv_ipv4_int_addr`, ...put('ipv4', 'IPv4 interface address') },
    ipv6: { name: `${unit}.clv_ipv6_int_addr`, ...put('ipv6', 'IPv6 interface address') },
    instance: { name: `${unit}.iid`, ...put('u16', 'Instance Identifier') },
    topology: { name: `${unit}.supported_itid`, ...put('u16', 'Supported ITID') },
  });
}

export type IsisTlvFields = ReturnType<typeof isisTlvFields>;

/** Walks the records of `[at, end)`; a reader gets each value. Returns false where one goes beyond the end. */
export function readTlvs(p: PacketView, F: IsisTlvFields, at: number, end: number, read: (p: PacketView, type: number, at: number, end: number) => void): boolean {
  const b = p.bytes;
  for (let from = at; end - from >= 2; ) {
    const length = b[from + 1];
    const value = from + 2;
    p.put(F.type, from, 1);
    p.put(F.length, from + 1, 1);
    if (value + length > end) return false;
    read(p, b[from], value, value + length);
    from = value + length;
  }
  return true;
}

/** Records that mean the same in hellos and in link states. True where it was one of them. */
export function readCommon(p: PacketView, F: IsisTlvFields, type: number, at: number, end: number): boolean {
  switch (type) {
    case AREA_ADDRESSES:
      for (let i = at; i < end; ) {
        const length = p.bytes[i];
        if (i + 1 + length > end) return true;
        p.put(F.area, i, 1 + length);
        i += 1 + length;
      }
      return true;
    case PROTOCOLS: putEach(p, F.protocol, at, end, 1); return true;
    case IP_ADDRESSES: putEach(p, F.ip, at, end, 4); return true;
    case IPV6_ADDRESSES: putEach(p, F.ipv6, at, end, 16); return true;
    case INSTANCE:
      if (end - at < 4) return true;
      p.put(F.instance, at, 2);
      putEach(p, F.topology, at + 2, end, 2);
      return true;
    default: return false;
  }
}

/** Puts values of one size that follow each other. */
export function putEach(p: PacketView, field: Field, at: number, end: number, size: number): void {
  for (let i = at; i + size <= end; i += size) p.put(field, i, size);
}
