import { defineFields, put } from './define-dissector.ts';
import type { PacketView } from './packet-view.ts';

/** Options of hop-by-hop and destination headers (RFC 8200 §4.2). */
export const ipv6OptionFields = defineFields({
  option: { name: 'ipv6.opt', ...put('none', 'IPv6 Option') },
  type: { name: 'ipv6.opt.type', ...put('u8', 'Type', { base: 'hex' }) },
  action: { name: 'ipv6.opt.type.action', ...put('u8', 'Action', { mask: 0xc0 }) },
  change: { name: 'ipv6.opt.type.change', ...put('boolean', 'May Change', { mask: 0x20 }) },
  rest: { name: 'ipv6.opt.type.rest', ...put('u8', 'Low-Order Bits', { base: 'hex', mask: 0x1f }) },
  length: { name: 'ipv6.opt.length', ...put('u8', 'Length') },
  pad1: { name: 'ipv6.opt.pad1', ...put('none', 'Pad1') },
  padN: { name: 'ipv6.opt.padn', ...put('bytes', 'PadN') },
  routerAlert: { name: 'ipv6.opt.router_alert', ...put('u16', 'Router Alert') },
  tunnelLimit: { name: 'ipv6.opt.tel', ...put('u8', 'Tunnel Encapsulation Limit') },
  jumbo: { name: 'ipv6.opt.jumbo', ...put('u32', 'Payload Length') },
});
const F = ipv6OptionFields;

const PAD1 = 0;
const PADN = 1;
const TUNNEL_LIMIT = 4;
const ROUTER_ALERT = 5;
const JUMBO = 0xc2;

/** Puts the options of `[at, end)`. */
export function readIpv6Options(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end; ) {
    const type = b[i];
    p.open(F.option, i);
    p.put(F.type, i, 1);
    p.put(F.action, i, 1);
    p.put(F.change, i, 1);
    p.put(F.rest, i, 1);
    if (type === PAD1) {
      p.put(F.pad1, i, 1);
      p.close(i + 1);
      i++;
      continue;
    }
    const len = i + 1 < end ? b[i + 1] : 0;
    const next = Math.min(i + 2 + len, end);
    p.put(F.length, i + 1, 1);
    if (type === PADN) p.put(F.padN, i + 2, next - i - 2);
    else if (type === ROUTER_ALERT && len === 2) p.put(F.routerAlert, i + 2, 2);
    else if (type === TUNNEL_LIMIT && len === 1) p.put(F.tunnelLimit, i + 2, 1);
    else if (type === JUMBO && len === 4) p.put(F.jumbo, i + 2, 4);
    p.close(next);
    i = next;
  }
}
