import { i8, u16le, u32le } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { channelOf, isDsssRate, phyOfChannel, PHY_B, radioState } from '../codecs/radio-state.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { MALFORMED, type PacketView } from '../packet-view.ts';

const HEADER_LEN = 8;
const FIELD_LEN = 4;
const COMMON = 2;
const COMMON_LEN = 20;
const N_MAC = 3;
const N_MAC_LEN = 12;
const N_MAC_PHY = 4;
const N_MAC_PHY_LEN = 48;
const LINK_WLAN = 105;
const LITTLE = { little: true } as const;

export const ppiFields = defineFields({
  version: { name: 'ppi.version', ...fixed('u8', 0, 'Version') },
  flags: { name: 'ppi.flags', ...fixed('u8', 1, 'Flags', { base: 'hex' }) },
  alignment: { name: 'ppi.flags.alignment', ...fixed('boolean', 1, 'Alignment', { mask: 0x01 }) },
  reserved: { name: 'ppi.flags.reserved', ...fixed('u8', 1, 'Reserved', { base: 'hex', mask: 0xfe }) },
  length: { name: 'ppi.length', ...fixed('u16', 2, 'Header length', LITTLE) },
  dlt: { name: 'ppi.dlt', ...fixed('u32', 4, 'DLT', LITTLE) },
  fieldType: { name: 'ppi.field_type', ...put('u16', 'Field type', LITTLE) },
  fieldLength: { name: 'ppi.field_len', ...put('u16', 'Field length', LITTLE) },
  tsft: { name: 'ppi.80211-common.tsft', ...put('u64', 'TSFT', LITTLE) },
  commonFlags: { name: 'ppi.80211-common.flags', ...put('u16', 'Flags', { base: 'hex', ...LITTLE }) },
  rate: { name: 'ppi.80211-common.rate', ...put('u16', 'Data rate', LITTLE) },
  frequency: { name: 'ppi.80211-common.chan.freq', ...put('u16', 'Channel frequency', LITTLE) },
  channelFlags: { name: 'ppi.80211-common.chan.flags', ...put('u16', 'Channel flags', { base: 'hex', ...LITTLE }) },
  hopSet: { name: 'ppi.80211-common.fhss.hopset', ...put('u8', 'FHSS hopset', { base: 'hex' }) },
  hopPattern: { name: 'ppi.80211-common.fhss.pattern', ...put('u8', 'FHSS pattern', { base: 'hex' }) },
  signal: { name: 'ppi.80211-common.dbm.antsignal', ...put('i8', 'dBm antenna signal') },
  noise: { name: 'ppi.80211-common.dbm.antnoise', ...put('i8', 'dBm antenna noise') },
  macFlags: { name: 'ppi.80211n-mac.flags', ...put('u32', 'MAC flags', { base: 'hex', ...LITTLE }) },
  ampduId: { name: 'ppi.80211n-mac.ampdu_id', ...put('u32', 'AMPDU-ID', { base: 'hex', ...LITTLE }) },
  delimiters: { name: 'ppi.80211n-mac.num_delimiters', ...put('u8', 'Num-Delimiters') },
  macReserved: { name: 'ppi.80211n-mac.reserved', ...put('u24', 'Reserved', { base: 'hex', ...LITTLE }) },
  mcs: { name: 'ppi.80211n-mac-phy.mcs', ...put('u8', 'MCS') },
  streams: { name: 'ppi.80211n-mac-phy.num_streams', ...put('u8', 'Number of spatial streams') },
  rssi: { name: 'ppi.80211n-mac-phy.rssi.combined', ...put('u8', 'RSSI combined') },
  extFrequency: { name: 'ppi.80211-mac-phy.ext-chan.freq', ...put('u16', 'Extended channel frequency', LITTLE) },
  extFlags: { name: 'ppi.80211-mac-phy.ext-chan.flags', ...put('u16', 'Channel flags', { base: 'hex', ...LITTLE }) },
  spectrum: { name: 'ppi.spectrum-map', ...put('bytes', 'Radio spectrum map') },
  process: { name: 'ppi.proc-info', ...put('bytes', 'Process information') },
  capture: { name: 'ppi.cap-info', ...put('bytes', 'Capture information') },
  aggregation: { name: 'ppi.aggregation_extension.interface_id', ...put('u32', 'Interface ID', LITTLE) },
  gps: { name: 'ppi.gps', ...put('bytes', 'GPS') },
  vector: { name: 'ppi.vector', ...put('bytes', 'VECTOR') },
  antenna: { name: 'ppi.antenna', ...put('bytes', 'ANTENNA') },
  unknown: { name: 'ppi.reserved', ...put('bytes', 'Reserved') },
});
const F = ppiFields;

const COMMON_FLAGS = defineBits('ppi.80211-common.flags', [
  ['.fcs', 0x1, 'FCS present flag'],
  ['.tsft', 0x2, 'TSFT flag'],
  ['.fcs-invalid', 0x4, 'FCS validity'],
  ['.phy-err', 0x8, 'PHY error flag'],
], LITTLE);
const CHANNEL_FLAGS = defineBits('ppi.80211-common.chan.flags', [
  ['.turbo', 0x10, 'Turbo'],
  ['.cck', 0x20, 'Complementary Code Keying (CCK)'],
  ['.ofdm', 0x40, 'Orthogonal Frequency-Division Multiplexing (OFDM)'],
  ['.2ghz', 0x80, '2 GHz spectrum'],
  ['.5ghz', 0x100, '5 GHz spectrum'],
  ['.passive', 0x200, 'Passive'],
  ['.dynamic', 0x400, 'Dynamic CCK-OFDM'],
  ['.gfsk', 0x800, 'Gaussian Frequency Shift Keying (GFSK)'],
], LITTLE);
const MAC_FLAGS = defineBits('ppi.80211n-mac.flags', [
  ['.greenfield', 0x1, 'Greenfield flag'],
  ['.ht20_40', 0x2, 'HT20/HT40 flag'],
  ['.rx.short_guard_interval', 0x4, 'RX Short Guard Interval (SGI) flag'],
  ['.rx.duplicate', 0x8, 'Duplicate RX flag'],
  ['.agg', 0x10, 'Aggregate flag'],
  ['.more_agg', 0x20, 'More aggregates flag'],
  ['.delim_crc_error_after', 0x40, 'A-MPDU Delimiter CRC error after this frame flag'],
], LITTLE);
/** One byte each, from the tenth on: strengths of the antennas. */
const ANTENNAS = defineBits('ppi.80211n-mac-phy', [
  ['.rssi.ant0ctl', 0, 'Antenna 0 control RSSI', 'u8'],
  ['.rssi.ant1ctl', 0, 'Antenna 1 control RSSI', 'u8'],
  ['.rssi.ant2ctl', 0, 'Antenna 2 control RSSI', 'u8'],
  ['.rssi.ant3ctl', 0, 'Antenna 3 control RSSI', 'u8'],
  ['.rssi.ant0ext', 0, 'Antenna 0 extension RSSI', 'u8'],
  ['.rssi.ant1ext', 0, 'Antenna 1 extension RSSI', 'u8'],
  ['.rssi.ant2ext', 0, 'Antenna 2 extension RSSI', 'u8'],
  ['.rssi.ant3ext', 0, 'Antenna 3 extension RSSI', 'u8'],
]);

/** CACE's head before captured frames: typed fields, those of 802.11 in detail, then the frame of the link type that it names. */
export const ppi = defineDissector({
  name: 'ppi',
  title: 'Per-Packet Information header',
  spec: ['LINKTYPE_PPI'],
  over: { link: [192] },
  fields: { ...F, ...namedFields(COMMON_FLAGS, CHANNEL_FLAGS, MAC_FLAGS, ANTENNAS) },
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u16le(b, at + 2);
    if (length < HEADER_LEN) return MALFORMED;
    const link = u32le(b, at + 4);
    const headEnd = Math.min(at + length, end);
    radioState(p).begin(p.frame);
    for (let from = at + HEADER_LEN; from + FIELD_LEN <= headEnd; ) {
      const type = u16le(b, from);
      const size = u16le(b, from + 2);
      p.put(F.fieldType, from, 2);
      p.put(F.fieldLength, from + 2, 2);
      const value = from + FIELD_LEN;
      if (value + size > headEnd) break;
      if (type === COMMON && size >= COMMON_LEN) common(p, value);
      else if (type === N_MAC && size >= N_MAC_LEN) mac(p, value);
      else if (type === N_MAC_PHY && size >= N_MAC_PHY_LEN) macPhy(p, value);
      else other(p, type, value, size);
      from = value + size;
      // Fields may be aligned to four bytes.
      if ((b[at + 1] & 1) !== 0) from = at + ((from - at + 3) & ~3);
    }
    p.payload(at + length, p.wireEnd);
    return link === LINK_WLAN ? p.id('wlan_radio') : p.next('link', link);
  },
  info: (row) => `Radio head, ${row.text(F.length)} bytes`,
});
export default ppi;

function common(p: PacketView, at: number): void {
  const b = p.bytes;
  const flags = u16le(b, at + 8);
  const radio = radioState(p);
  p.put(F.tsft, at, 8);
  p.put(F.commonFlags, at + 8, 2);
  putBits(p, COMMON_FLAGS, at + 8, 2);
  p.putInt(F.rate, at + 10, 2, 500 * u16le(b, at + 10));
  p.put(F.frequency, at + 12, 2);
  p.put(F.channelFlags, at + 14, 2);
  putBits(p, CHANNEL_FLAGS, at + 14, 2);
  p.put(F.hopSet, at + 16, 1);
  p.put(F.hopPattern, at + 17, 1);
  p.put(F.signal, at + 18, 1);
  p.put(F.noise, at + 19, 1);
  radio.fcsLen = (flags & 1) !== 0 ? 4 : 0;
  radio.rate = u16le(b, at + 10) / 2;
  radio.frequency = u16le(b, at + 12);
  radio.channel = channelOf(radio.frequency);
  radio.phy = phyOfChannel(u16le(b, at + 14));
  if (isDsssRate(radio.rate)) radio.phy = PHY_B;
  if (b[at + 18] !== 0) radio.signalDbm = i8(b, at + 18);
  if (b[at + 19] !== 0) radio.noiseDbm = i8(b, at + 19);
}

function mac(p: PacketView, at: number): void {
  p.put(F.macFlags, at, 4);
  putBits(p, MAC_FLAGS, at, 4);
  p.put(F.ampduId, at + 4, 4);
  p.put(F.delimiters, at + 8, 1);
  p.put(F.macReserved, at + 9, 3);
}

function macPhy(p: PacketView, at: number): void {
  mac(p, at);
  p.put(F.mcs, at + 9, 1);
  p.put(F.streams, at + 10, 1);
  p.put(F.rssi, at + 11, 1);
  for (let i = 0; i < ANTENNAS.length; i++) p.put(ANTENNAS[i], at + 12 + i, 1);
  p.put(F.extFrequency, at + 20, 2);
  p.put(F.extFlags, at + 22, 2);
}

function other(p: PacketView, type: number, at: number, size: number): void {
  if (type === 5) p.put(F.spectrum, at, size);
  else if (type === 6) p.put(F.process, at, size);
  else if (type === 7) p.put(F.capture, at, size);
  else if (type === 8 && size >= 4) p.put(F.aggregation, at, 4);
  else if (type === 30002) p.put(F.gps, at, size);
  else if (type === 30003) p.put(F.vector, at, size);
  else if (type === 30005) p.put(F.antenna, at, size);
  else p.put(F.unknown, at, size);
}
