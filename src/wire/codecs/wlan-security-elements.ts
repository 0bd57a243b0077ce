import { u16le } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

// Robust security elements: RSN (IEEE 802.11-2020 §9.4.2.24) and its forerunner WPA: a group suite, lists of pairwise and of key
// management suites, capabilities, lists of key identifiers.

const LITTLE = { little: true } as const;
/** A count of suites goes beyond the element. */
const TOO_MANY = -2;

export const RSN_CAPABILITIES = defineBits('wlan.rsn.capabilities', [
  ['wlan.rsn.capabilities', 0, 'RSN Capabilities', 'u16', 'hex'],
  ['.preauth', 0x1, 'RSN Pre-Auth capabilities'],
  ['.no_pairwise', 0x2, 'RSN No Pairwise capabilities'],
  ['.ptksa_replay_counter', 0xc, 'RSN PTKSA Replay Counter capabilities', 'u16', 'hex'],
  ['.gtksa_replay_counter', 0x30, 'RSN GTKSA Replay Counter capabilities', 'u16', 'hex'],
  ['.mfpr', 0x40, 'Management Frame Protection Required'],
  ['.mfpc', 0x80, 'Management Frame Protection Capable'],
  ['.jmr', 0x100, 'Joint Multi-band RSNA'],
  ['.peerkey', 0x200, 'PeerKey Enabled'],
  ['.extended_key_id_iaf', 0x2000, 'Extended Key ID for Individually Addressed Frames'],
], LITTLE);

const suites = (prefix: string, group: string, groupTitle: string, pairwise: string, pairwiseTitle: string) =>
  defineFields({
    version: { name: `${prefix}.version`, ...put('u16', prefix.endsWith('wpa') ? 'WPA Version' : 'RSN Version', LITTLE) },
    group: { name: `${prefix}.${group}`, ...put('u32', groupTitle) },
    groupOui: { name: `${prefix}.${group}.oui`, ...put('u24', `${groupTitle} OUI`) },
    groupType: { name: `${prefix}.${group}.type`, ...put('u8', `${groupTitle} type`) },
    pairCount: { name: `${prefix}.${pairwise}.count`, ...put('u16', `${pairwiseTitle} Count`, LITTLE) },
    pairList: { name: `${prefix}.${pairwise}.list`, ...put('none', `${pairwiseTitle} List`) },
    pair: { name: `${prefix}.${pairwise}`, ...put('u32', pairwiseTitle) },
    pairOui: { name: `${prefix}.${pairwise}.oui`, ...put('u24', `${pairwiseTitle} OUI`) },
    pairType: { name: `${prefix}.${pairwise}.type`, ...put('u8', `${pairwiseTitle} type`) },
    keyCount: { name: `${prefix}.akms.count`, ...put('u16', 'Auth Key Management (AKM) Suite Count', LITTLE) },
    keyList: { name: `${prefix}.akms.list`, ...put('none', 'Auth Key Management (AKM) List') },
    key: { name: `${prefix}.akms`, ...put('u32', 'Auth Key Management (AKM) Suite') },
    keyOui: { name: `${prefix}.akms.oui`, ...put('u24', 'Auth Key Management (AKM) OUI') },
    keyType: { name: prefix.endsWith('wpa') ? `${prefix}.type` : `${prefix}.akms.type`, ...put('u8', 'Auth Key Management (AKM) type') },
  });

const RSN = suites('wlan.rsn', 'gcs', 'Group Cipher Suite', 'pcs', 'Pairwise Cipher Suite');
const WPA = suites('wlan.wfa.ie.wpa', 'mcs', 'Multicast Cipher Suite', 'ucs', 'Unicast Cipher Suite');
const MORE = defineFields({
  idCount: { name: 'wlan.rsn.pmkid.count', ...put('u16', 'PMKID Count', LITTLE) },
  idList: { name: 'wlan.rsn.pmkid.list', ...put('none', 'PMKID List') },
  id: { name: 'wlan.pmkid.akms', ...put('bytes', 'PMKID') },
  management: { name: 'wlan.rsn.gmcs', ...put('u32', 'Group Management Cipher Suite') },
  managementOui: { name: 'wlan.rsn.gmcs.oui', ...put('u24', 'Group Management Cipher Suite OUI') },
  managementType: { name: 'wlan.rsn.gmcs.type', ...put('u8', 'Group Management Cipher Suite type') },
  tooManyPairs: { name: 'wlan.rsn.pcs.count.invalid', ...put('none', 'Pairwise Cipher Suite Count too large') },
  tooManyKeys: { name: 'wlan.rsn.akms.count.invalid', ...put('none', 'Auth Key Management (AKM) Suite Count too large') },
});

export const SECURITY_FIELDS = { ...namedFields(Object.values(RSN), Object.values(WPA), Object.values(MORE), RSN_CAPABILITIES) };

/** Reads an RSN element's body. False where a list claims more than there is, which only a whole element can show. */
export function readRsn(p: PacketView, at: number, end: number, isWhole: boolean): boolean {
  const from = readSuites(p, at, end, RSN, isWhole);
  if (from === TOO_MANY) return false;
  if (from >= 0) readRest(p, from, end);
  return true;
}

/** What stands behind the lists, as far as it goes. */
function readRest(p: PacketView, at: number, end: number): void {
  let from = at;
  if (end - from < 2) return;
  putBits(p, RSN_CAPABILITIES, from, 2);
  from += 2;
  if (end - from < 2) return;
  const ids = u16le(p.bytes, from);
  p.put(MORE.idCount, from, 2);
  from += 2;
  if (from + 16 * ids > end) return;
  p.put(MORE.idList, from, 16 * ids);
  for (let i = 0; i < ids; i++) p.put(MORE.id, from + 16 * i, 16);
  from += 16 * ids;
  if (end - from < 4) return;
  p.put(MORE.management, from, 4);
  p.put(MORE.managementOui, from, 3);
  p.put(MORE.managementType, from + 3, 1);
}

/** Reads the body of a WPA element, behind its OUI and type. */
export function readWpa(p: PacketView, at: number, end: number): void {
  readSuites(p, at, end, WPA, false);
}

/** Version, group suite and the two lists; where they end, -1 where the element is over before. */
function readSuites(p: PacketView, at: number, end: number, F: typeof RSN, isJudged: boolean): number {
  if (end - at < 6) return -1;
  p.put(F.version, at, 2);
  p.put(F.group, at + 2, 4);
  p.put(F.groupOui, at + 2, 3);
  p.put(F.groupType, at + 5, 1);
  const pairs = list(p, at + 6, end, F.pairCount, F.pairList, F.pair, F.pairOui, F.pairType, isJudged ? 'wlan.rsn.pcs.count.invalid' : '');
  if (pairs === TOO_MANY) list(p, at + 8, end, F.keyCount, F.keyList, F.key, F.keyOui, F.keyType, 'wlan.rsn.akms.count.invalid');
  return pairs < 0 ? pairs : list(p, pairs, end, F.keyCount, F.keyList, F.key, F.keyOui, F.keyType, isJudged ? 'wlan.rsn.akms.count.invalid' : '');
}

type F1 = (typeof RSN)['pair'];

function list(p: PacketView, at: number, end: number, count: F1, whole: F1, suite: F1, oui: F1, type: F1, tooMany: string): number {
  if (end - at < 2) return -1;
  const n = u16le(p.bytes, at);
  p.put(count, at, 2);
  const from = at + 2;
  const fits = from + 4 * n <= end;
  if (!fits && tooMany !== '') p.expert('error', 'malformed', tooMany, at, 2);
  p.put(whole, from, Math.min(4 * n, end - from));
  if (!fits) return tooMany === '' ? -1 : TOO_MANY;
  for (let i = 0; i < n; i++) {
    p.put(suite, from + 4 * i, 4);
    p.put(oui, from + 4 * i, 3);
    p.put(type, from + 4 * i + 3, 1);
  }
  return from + 4 * n;
}
