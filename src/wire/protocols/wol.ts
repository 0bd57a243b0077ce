import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const SYNC_LEN = 6;
const TIMES = 16;
const WHOLE_LEN = SYNC_LEN + 6 * TIMES;

export const wolFields = defineFields({
  sync: { name: 'wol.sync', ...put('bytes', 'Sync stream') },
  mac: { name: 'wol.mac', ...put('ether', 'MAC') },
  password: { name: 'wol.passwd', ...put('bytes', 'Password') },
});
const F = wolFields;

/** The packet that wakes a machine: ones, its address sixteen times, perhaps a password. */
export const wol = defineDissector({
  name: 'wol',
  title: 'Wake On LAN',
  spec: ['AMD, Magic Packet Technology'],
  over: { ethertype: [0x0842] },
  heuristicOver: ['udp'],
  fields: wolFields,
  heuristic: (p, at, end) => isMagic(p.bytes, at, end),
  dissect(p, at, end) {
    if (!isMagic(p.bytes, at, end)) return DECLINE;
    p.put(F.sync, at, SYNC_LEN);
    p.put(F.mac, at + SYNC_LEN, 6);
    for (let i = 1; i < TIMES; i++) p.put(F.mac, at + SYNC_LEN + 6 * i, 6);
    const left = end - at - WHOLE_LEN;
    if (left === 4 || left === 6) p.put(F.password, at + WHOLE_LEN, left);
    return DONE;
  },
  info: (row) => `MagicPacket for ${row.text(F.mac)}`,
});
export default wol;

function isMagic(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < WHOLE_LEN) return false;
  for (let i = 0; i < SYNC_LEN; i++) if (b[at + i] !== 0xff) return false;
  for (let i = SYNC_LEN + 6; i < WHOLE_LEN; i++) if (b[at + i] !== b[at + i - 6]) return false;
  return true;
}
