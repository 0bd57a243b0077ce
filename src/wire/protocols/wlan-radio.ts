import type { RadioState } from '../codecs/radio-state.ts';
import { PHY_A, PHY_AX, PHY_B, PHY_G, PHY_N, radioState } from '../codecs/radio-state.ts';
import { ampduBytes, htTraining } from '../codecs/wlan-rates.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const PHYS = {
  0: 'Unknown', 1: '802.11 FHSS', 2: '802.11 IR', 3: '802.11 DSSS', 4: '802.11b (HR/DSSS)', 5: '802.11a (OFDM)', 6: '802.11g (ERP)', 7: '802.11n (HT)', 8: '802.11ac (VHT)',
  9: '802.11ad (DMG)', 10: '802.11ah (S1G)', 11: '802.11ax (HE)',
} as const;
const BANDWIDTHS = { 0: '20 MHz', 1: '40 MHz', 2: '20 MHz lower', 3: '20 MHz upper' } as const;

export const wlanRadioFields = defineFields({
  phy: { name: 'wlan_radio.phy', ...put('u32', 'PHY type', { values: PHYS }) },
  turbo: { name: 'wlan_radio.11a.turbo_type', ...put('u32', 'Turbo type', { values: { 0: 'Non-turbo', 1: 'Turbo', 2: 'Dynamic turbo', 3: 'Static turbo' } }) },
  mode: { name: 'wlan_radio.11g.mode', ...put('u32', 'Proprietary mode', { values: { 0: 'None', 1: 'Super G' } }) },
  mcs: { name: 'wlan_radio.11n.mcs_index', ...put('u32', 'MCS index') },
  bandwidth: { name: 'wlan_radio.11n.bandwidth', ...put('u32', 'Bandwidth', { values: BANDWIDTHS }) },
  shortGuard: { name: 'wlan_radio.11n.short_gi', ...put('boolean', 'Short GI') },
  greenfield: { name: 'wlan_radio.11n.greenfield', ...put('boolean', 'Greenfield') },
  fec: { name: 'wlan_radio.11n.fec', ...put('u32', 'FEC', { values: { 0: 'BEC', 1: 'LDPC' } }) },
  stbc: { name: 'wlan_radio.11n.stbc_streams', ...put('u32', 'Number of STBC streams') },
  ness: { name: 'wlan_radio.11n.ness', ...put('u32', 'Number of extension spatial streams') },
  rate: { name: 'wlan_radio.data_rate', ...put('float', 'Data rate') },
  channel: { name: 'wlan_radio.channel', ...put('u32', 'Channel') },
  frequency: { name: 'wlan_radio.frequency', ...put('u16', 'Frequency') },
  shortPreamble: { name: 'wlan_radio.short_preamble', ...put('boolean', 'Short preamble') },
  signalPercent: { name: 'wlan_radio.signal_percentage', ...put('u32', 'Signal strength (percentage)') },
  signalDb: { name: 'wlan_radio.signal_db', ...put('u8', 'Signal strength (dB)') },
  signalDbm: { name: 'wlan_radio.signal_dbm', ...put('i8', 'Signal strength (dBm)') },
  noiseDb: { name: 'wlan_radio.noise_db', ...put('u8', 'Noise level (dB)') },
  noiseDbm: { name: 'wlan_radio.noise_dbm', ...put('i8', 'Noise level (dBm)') },
  snr: { name: 'wlan_radio.snr', ...put('i32', 'Signal/noise ratio (dB)') },
  tsf: { name: 'wlan_radio.timestamp', ...put('u64', 'TSF timestamp', { little: true }) },
  isLast: { name: 'wlan_radio.last_part_of_an_ampdu', ...put('boolean', 'Last part of an A-MPDU') },
  isDamaged: { name: 'wlan_radio.a_mpdu_delim_crc_error', ...put('boolean', 'A-MPDU delimiter CRC error') },
  aggregate: { name: 'wlan_radio.a_mpdu_aggregate_id', ...put('u32', 'A-MPDU aggregate ID') },
  duration: { name: 'wlan_radio.duration', ...put('u32', 'Duration') },
  preamble: { name: 'wlan_radio.preamble', ...put('u32', 'Preamble') },
  ifs: { name: 'wlan_radio.ifs', ...put('i64', 'IFS') },
  start: { name: 'wlan_radio.start_tsf', ...put('u64', 'Start') },
  last: { name: 'wlan_radio.end_tsf', ...put('u64', 'End') },
  assumedPreamble: { name: 'wlan_radio.assumed.short_preamble', ...put('none', 'No preamble length information was available, assuming short preamble.') },
  assumedFormat: { name: 'wlan_radio.assumed.non_greenfield', ...put('none', 'No plcp type information was available, assuming non greenfield.') },
  assumedStbc: { name: 'wlan_radio.assumed.no_stbc', ...put('none', 'No stbc information was available, assuming no stbc.') },
  assumedNess: { name: 'wlan_radio.assumed.no_extension_streams', ...put('none', 'No extension stream information was available, assuming no extension streams.') },
  assumedFec: { name: 'wlan_radio.assumed.bcc_fec', ...put('none', 'No fec type information was available, assuming bcc fec.') },
});
const F = wlanRadioFields;

/** What was told of the radio by whichever head stands before the frame, under one set of names; and how long the frame took. */
export const wlanRadio = defineDissector({
  name: 'wlan_radio',
  title: '802.11 radio information',
  short: '802.11 Radio',
  column: null,
  spec: ['IEEE 802.11'],
  over: {},
  fields: wlanRadioFields,
  dissect(p, at) {
    const radio = radioState(p);
    p.payload(at, p.wireEnd);
    if (p.detail && radio.frame === p.frame) {
      phy(p, radio, at);
      signal(p, radio, at);
      time(p, radio, at, p.wireEnd - at);
    }
    return p.id('wlan');
  },
});
export default wlanRadio;

function flag(p: PacketView, field: (typeof F)[keyof typeof F], at: number, value: number): void {
  if (value >= 0) p.putInt(field, at, 0, value);
}

function phy(p: PacketView, radio: RadioState, at: number): void {
  if (radio.phy < 0) return;
  p.putInt(F.phy, at, 0, radio.phy);
  if (radio.phy === PHY_B) flag(p, F.shortPreamble, at, radio.shortPreamble);
  else if (radio.phy === PHY_A) p.putInt(F.turbo, at, 0, radio.turbo);
  else if (radio.phy === PHY_G) p.putInt(F.mode, at, 0, 0);
  else if (radio.phy === PHY_N) {
    flag(p, F.mcs, at, radio.mcs);
    flag(p, F.bandwidth, at, radio.bandwidth);
    flag(p, F.shortGuard, at, radio.shortGuard);
    flag(p, F.greenfield, at, radio.greenfield);
    flag(p, F.fec, at, radio.fec);
    flag(p, F.stbc, at, radio.stbc);
    flag(p, F.ness, at, radio.ness);
  }
}

function signal(p: PacketView, radio: RadioState, at: number): void {
  if (!Number.isNaN(radio.rate) && radio.rate > 0) p.putInt(F.rate, at, 0, radio.rate);
  flag(p, F.channel, at, radio.channel);
  flag(p, F.frequency, at, radio.frequency);
  flag(p, F.signalPercent, at, radio.signalPercent);
  flag(p, F.signalDb, at, radio.signalDb);
  if (!Number.isNaN(radio.signalDbm)) p.putInt(F.signalDbm, at, 0, radio.signalDbm);
  flag(p, F.noiseDb, at, radio.noiseDb);
  if (!Number.isNaN(radio.noiseDbm)) {
    p.putInt(F.noiseDbm, at, 0, radio.noiseDbm);
    if (!Number.isNaN(radio.signalDbm)) p.putInt(F.snr, at, 0, radio.signalDbm - radio.noiseDbm);
  }
  if (radio.tsfAt >= 0) p.put(F.tsf, radio.tsfAt, 8);
  if (radio.ampdu < 0) return;
  p.putInt(F.isLast, at, 0, radio.ampduFlags & 1);
  p.putInt(F.isDamaged, at, 0, (radio.ampduFlags >> 1) & 1);
  p.putInt(F.aggregate, at, 0, radio.ampdu);
}

/** Air time: preamble and header, then the payload at its rate (in whole symbols where the PHY has them). */
function time(p: PacketView, radio: RadioState, at: number, bytes: number): void {
  if (Number.isNaN(radio.rate) || radio.rate <= 0 || radio.phy < 0) return;
  let preamble = 0;
  let duration = 0;
  if (radio.phy === PHY_B) {
    if (radio.shortPreamble < 0) p.expert('warn', 'assumption', 'wlan_radio.assumed.short_preamble', at, 0);
    preamble = radio.shortPreamble === 0 ? 192 : 96;
    duration = preamble + Math.ceil((8 * bytes) / radio.rate);
  } else if (radio.phy === PHY_A || radio.phy === PHY_G) {
    preamble = 20;
    duration = preamble + 4 * Math.ceil((16 + 8 * bytes + 6) / (4 * radio.rate));
  } else if (radio.phy === PHY_N && radio.mcs >= 0 && radio.bandwidth >= 0) {
    assume(p, radio, at);
    const streams = (radio.mcs >> 3) + 1 + Math.max(0, radio.stbc);
    const training = 4 * htTraining(streams);
    preamble = radio.greenfield === 1 ? 20 + training : 32 + training;
    const symbol = radio.shortGuard === 1 ? 3.6 : 4;
    const sent = radio.ampdu < 0 ? bytes : ampduBytes(bytes);
    duration = preamble + Math.ceil(symbol * Math.ceil((8 * sent + 16 + 6) / (radio.rate * symbol)));
  } else if (radio.phy >= PHY_N && radio.phy <= PHY_AX) return;
  if (duration === 0) return;
  p.putInt(F.duration, at, 0, duration);
  p.putInt(F.preamble, at, 0, preamble);
  if (radio.tsfAt < 0) return;
  const start = radio.tsf - duration;
  if (!Number.isNaN(radio.previousEnd)) p.putInt(F.ifs, at, 0, start - radio.previousEnd);
  p.putInt(F.start, at, 0, start);
  p.putInt(F.last, at, 0, radio.tsf);
  radio.previousEnd = radio.tsf;
}

function assume(p: PacketView, radio: RadioState, at: number): void {
  if (radio.greenfield < 0) p.expert('warn', 'assumption', 'wlan_radio.assumed.non_greenfield', at, 0);
  if (radio.stbc < 0) p.expert('warn', 'assumption', 'wlan_radio.assumed.no_stbc', at, 0);
  if (radio.ness < 0) p.expert('warn', 'assumption', 'wlan_radio.assumed.no_extension_streams', at, 0);
  if (radio.fec < 0) p.expert('warn', 'assumption', 'wlan_radio.assumed.bcc_fec', at, 0);
}
