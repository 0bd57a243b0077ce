import { defineBits } from '../bit-fields.ts';
import { defineFields, fixed, put } from '../define-dissector.ts';

// Fields of radiotap heads (radiotap.org, "Defined Fields"): all numbers are little endian.

const LITTLE = { little: true } as const;

export const radiotapFields = defineFields({
  version: { name: 'radiotap.version', ...fixed('u8', 0, 'Header revision') },
  pad: { name: 'radiotap.pad', ...fixed('u8', 1, 'Header pad') },
  length: { name: 'radiotap.length', ...fixed('u16', 2, 'Header length', LITTLE) },
  present: { name: 'radiotap.present', ...put('none', 'Present flags') },
  word: { name: 'radiotap.present.word', ...put('u32', 'Present flags word', { base: 'hex', ...LITTLE }) },
  tsft: { name: 'radiotap.mactime', ...put('u64', 'MAC timestamp', LITTLE) },
  flags: { name: 'radiotap.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  rate: { name: 'radiotap.datarate', ...put('float', 'Data rate (Mb/s)') },
  frequency: { name: 'radiotap.channel.freq', ...put('u32', 'Channel frequency', LITTLE) },
  channelFlags: { name: 'radiotap.channel.flags', ...put('u16', 'Channel flags', { base: 'hex', ...LITTLE }) },
  hopSet: { name: 'radiotap.fhss.hopset', ...put('u8', 'FHSS Hop Set') },
  hopPattern: { name: 'radiotap.fhss.pattern', ...put('u8', 'FHSS Pattern') },
  signalDbm: { name: 'radiotap.dbm_antsignal', ...put('i8', 'Antenna signal') },
  noiseDbm: { name: 'radiotap.dbm_antnoise', ...put('i8', 'Antenna noise') },
  quality: { name: 'radiotap.quality', ...put('u16', 'Signal Quality', LITTLE) },
  txAttenuation: { name: 'radiotap.txattenuation', ...put('u16', 'TX attenuation', LITTLE) },
  dbTxAttenuation: { name: 'radiotap.db_txattenuation', ...put('u16', 'dB TX attenuation', LITTLE) },
  txPower: { name: 'radiotap.txpower', ...put('i8', 'Transmit power') },
  antenna: { name: 'radiotap.antenna', ...put('u32', 'Antenna') },
  signalDb: { name: 'radiotap.db_antsignal', ...put('u8', 'dB antenna signal') },
  noiseDb: { name: 'radiotap.db_antnoise', ...put('u8', 'dB antenna noise') },
  rxFlags: { name: 'radiotap.rxflags', ...put('u16', 'RX flags', { base: 'hex', ...LITTLE }) },
  txFlags: { name: 'radiotap.txflags', ...put('u16', 'TX flags', { base: 'hex', ...LITTLE }) },
  retries: { name: 'radiotap.data_retries', ...put('u8', 'data retries') },
  xFlags: { name: 'radiotap.xchannel.flags', ...put('u32', 'Channel flags', { base: 'hex', ...LITTLE }) },
  xFrequency: { name: 'radiotap.xchannel.freq', ...put('u32', 'Channel frequency', LITTLE) },
  xChannel: { name: 'radiotap.xchannel.channel', ...put('u32', 'Channel number') },
  mcs: { name: 'radiotap.mcs', ...put('none', 'MCS information') },
  mcsKnown: { name: 'radiotap.mcs.known', ...put('u8', 'Known MCS information', { base: 'hex' }) },
  mcsBandwidth: { name: 'radiotap.mcs.bw', ...put('u8', 'Bandwidth', { mask: 0x03 }) },
  mcsGuard: { name: 'radiotap.mcs.gi', ...put('u8', 'Guard interval', { mask: 0x04 }) },
  mcsFormat: { name: 'radiotap.mcs.format', ...put('u8', 'Format', { mask: 0x08 }) },
  mcsFec: { name: 'radiotap.mcs.fec', ...put('u8', 'FEC type', { mask: 0x10 }) },
  mcsStbc: { name: 'radiotap.mcs.stbc', ...put('u8', 'STBC streams', { mask: 0x60 }) },
  mcsNessHigh: { name: 'radiotap.mcs.ness_bit1', ...put('u8', 'Number of extension spatial streams bit 1', { mask: 0x80 }) },
  mcsNessLow: { name: 'radiotap.mcs.ness_bit0', ...put('u8', 'Number of extension spatial streams bit 0', { mask: 0x80 }) },
  mcsIndex: { name: 'radiotap.mcs.index', ...put('u8', 'MCS index') },
  ampdu: { name: 'radiotap.ampdu', ...put('none', 'A-MPDU status') },
  ampduReference: { name: 'radiotap.ampdu.reference', ...put('u32', 'A-MPDU reference number', LITTLE) },
  ampduFlags: { name: 'radiotap.ampdu.flags', ...put('u16', 'A-MPDU flags', { base: 'hex', ...LITTLE }) },
  ampduCrc: { name: 'radiotap.ampdu.delim_crc', ...put('u8', 'A-MPDU subframe delimiter CRC', { base: 'hex' }) },
  timestamp: { name: 'radiotap.timestamp', ...put('none', 'timestamp information') },
  timestampValue: { name: 'radiotap.timestamp.ts', ...put('u64', 'timestamp', LITTLE) },
  timestampAccuracy: { name: 'radiotap.timestamp.accuracy', ...put('u16', 'accuracy', LITTLE) },
  timestampUnit: { name: 'radiotap.timestamp.unit', ...put('u8', 'time unit', { mask: 0x0f }) },
  timestampPosition: { name: 'radiotap.timestamp.samplingpos', ...put('u8', 'sampling position', { mask: 0xf0 }) },
  timestamp32: { name: 'radiotap.timestamp.flags.32bit', ...put('boolean', '32-bit counter', { mask: 0x01 }) },
  timestampAccurate: { name: 'radiotap.timestamp.flags.accuracy', ...put('boolean', 'accuracy field', { mask: 0x02 }) },
  zeroLength: { name: 'radiotap.0_len_psdu.type', ...put('u8', 'Type', { base: 'hex' }) },
  vendor: { name: 'radiotap.vendor_namespace', ...put('bytes', 'Vendor namespace') },
  vendorOui: { name: 'radiotap.vendor_oui', ...put('u24', 'Vendor OUI') },
  vendorSub: { name: 'radiotap.vendor_subns', ...put('u8', 'Vendor sub namespace') },
  vendorLength: { name: 'radiotap.vendor_data_len', ...put('u16', 'Vendor data length', LITTLE) },
  vendorData: { name: 'radiotap.vendor_data', ...put('none', 'Vendor data') },
  vht: { name: 'radiotap.vht', ...put('none', 'VHT information') },
  vhtBandwidth: { name: 'radiotap.vht.bw', ...put('u8', 'Bandwidth') },
  vhtGroup: { name: 'radiotap.vht.gid', ...put('u8', 'Group Id') },
  vhtPartialAid: { name: 'radiotap.vht.paid', ...put('u16', 'Partial AID', LITTLE) },
  vhtUser: { name: 'radiotap.vht.user', ...put('none', 'User') },
  lengthInvalid: { name: 'radiotap.length.invalid', ...put('none', 'The radiotap header length is less than 8 bytes') },
  pastHeader: { name: 'radiotap.data_past_header', ...put('none', 'Radiotap data goes past the end of the radiotap header') },
});

/** What a word of present flags says where it belongs to radiotap's own names, and where it does not. */
export const PRESENT = defineBits('radiotap.present', [
  ['.tsft', 0x1, 'TSFT'],
  ['.flags', 0x2, 'Flags'],
  ['.rate', 0x4, 'Rate'],
  ['.channel', 0x8, 'Channel'],
  ['.fhss', 0x10, 'FHSS'],
  ['.dbm_antsignal', 0x20, 'dBm Antenna Signal'],
  ['.dbm_antnoise', 0x40, 'dBm Antenna Noise'],
  ['.lock_quality', 0x80, 'Lock Quality'],
  ['.tx_attenuation', 0x100, 'TX Attenuation'],
  ['.db_tx_attenuation', 0x200, 'dB TX Attenuation'],
  ['.dbm_tx_power', 0x400, 'dBm TX Power'],
  ['.antenna', 0x800, 'Antenna'],
  ['.db_antsignal', 0x1000, 'dB Antenna Signal'],
  ['.db_antnoise', 0x2000, 'dB Antenna Noise'],
  ['.rxflags', 0x4000, 'RX flags'],
  ['.txflags', 0x8000, 'TX flags'],
  ['.data_retries', 0x20000, 'data retries'],
  ['.xchannel', 0x40000, 'Channel+'],
  ['.mcs', 0x80000, 'MCS information'],
  ['.ampdu', 0x100000, 'A-MPDU Status'],
  ['.vht', 0x200000, 'VHT information'],
  ['.timestamp', 0x400000, 'frame timestamp'],
  ['.he', 0x800000, 'HE information'],
  ['.he_mu', 0x1000000, 'HE-MU information'],
  ['.0_length.psdu', 0x4000000, '0 Length PSDU'],
  ['.l_sig', 0x8000000, 'L-SIG'],
  ['.tlv', 0x10000000, 'TLVs'],
], LITTLE);
export const PRESENT_NEXT = defineBits('radiotap.present', [
  ['.rtap_ns', 0x20000000, 'Radiotap NS next'],
  ['.vendor_ns', 0x40000000, 'Vendor NS next'],
  ['.ext', 0x80000000, 'Ext'],
], LITTLE);

export const FLAGS = defineBits('radiotap.flags', [
  ['.cfp', 0x1, 'CFP'],
  ['.preamble', 0x2, 'Preamble'],
  ['.wep', 0x4, 'WEP'],
  ['.frag', 0x8, 'Fragmentation'],
  ['.fcs', 0x10, 'FCS at end'],
  ['.datapad', 0x20, 'Data Pad'],
  ['.badfcs', 0x40, 'Bad FCS'],
  ['.shortgi', 0x80, 'Short GI'],
]);

export const CHANNEL_FLAGS = defineBits('radiotap.channel.flags', [
  ['.turbo', 0x10, 'Turbo'],
  ['.700mhz', 0x1, '700 MHz spectrum'],
  ['.800mhz', 0x2, '800 MHz spectrum'],
  ['.900mhz', 0x4, '900 MHz spectrum'],
  ['.cck', 0x20, 'Complementary Code Keying (CCK)'],
  ['.ofdm', 0x40, 'Orthogonal Frequency-Division Multiplexing (OFDM)'],
  ['.2ghz', 0x80, '2 GHz spectrum'],
  ['.5ghz', 0x100, '5 GHz spectrum'],
  ['.passive', 0x200, 'Passive'],
  ['.dynamic', 0x400, 'Dynamic CCK-OFDM'],
  ['.gfsk', 0x800, 'Gaussian Frequency Shift Keying (GFSK)'],
  ['.gsm', 0x1000, 'GSM (900MHz)'],
  ['.sturbo', 0x2000, 'Static Turbo'],
  ['.half', 0x4000, 'Half Rate Channel (10MHz Channel Width)'],
  ['.quarter', 0x8000, 'Quarter Rate Channel (5MHz Channel Width)'],
], LITTLE);

export const XCHANNEL_FLAGS = defineBits('radiotap.xchannel.flags', [
  ['.turbo', 0x10, 'Turbo'],
  ['.cck', 0x20, 'Complementary Code Keying (CCK)'],
  ['.ofdm', 0x40, 'Orthogonal Frequency-Division Multiplexing (OFDM)'],
  ['.2ghz', 0x80, '2 GHz spectrum'],
  ['.5ghz', 0x100, '5 GHz spectrum'],
  ['radiotap.channel.xtype.passive', 0x200, 'Passive'],
  ['.dynamic', 0x400, 'Dynamic CCK-OFDM'],
  ['.gfsk', 0x800, 'Gaussian Frequency Shift Keying (GFSK)'],
  ['.gsm', 0x1000, 'GSM (900MHz)'],
  ['.sturbo', 0x2000, 'Static Turbo'],
  ['.half', 0x4000, 'Half Rate Channel (10MHz Channel Width)'],
  ['.quarter', 0x8000, 'Quarter Rate Channel (5MHz Channel Width)'],
  ['.ht20', 0x10000, 'HT Channel (20MHz Channel Width)'],
  ['.ht40u', 0x20000, 'HT Channel (40MHz Channel Width with Extension channel above)'],
  ['.ht40d', 0x40000, 'HT Channel (40MHz Channel Width with Extension channel below)'],
], LITTLE);

export const RX_FLAGS = defineBits('radiotap.rxflags', [
  ['.badplcp', 0x2, 'Bad PLCP'],
], LITTLE);

/** Wireshark names the flags of a sent frame as if it were received. */
export const TX_FLAGS = defineBits('radiotap.rxflags', [
  ['.fail', 0x1, 'Fail'],
  ['.cts', 0x2, 'CTS'],
  ['.rts', 0x4, 'RTS/CTS'],
  ['.noack', 0x8, 'No ACK'],
  ['.noseqno', 0x10, 'Has Seqnum'],
  ['.order', 0x20, 'Order'],
], LITTLE);

export const MCS_KNOWN = defineBits('radiotap.mcs', [
  ['.have_bw', 0x1, 'Bandwidth'],
  ['.have_index', 0x2, 'MCS index'],
  ['.have_gi', 0x4, 'Guard interval'],
  ['.have_format', 0x8, 'Format'],
  ['.have_fec', 0x10, 'FEC type'],
  ['.have_stbc', 0x20, 'STBC streams'],
  ['.have_ness', 0x40, 'Number of extension spatial streams'],
]);

export const AMPDU_FLAGS = defineBits('radiotap.ampdu.flags', [
  ['.report_zerolen', 0x1, 'Driver reports 0-length subframes in this A-MPDU'],
  ['.is_zerolen', 0x2, 'This is a 0-length subframe'],
  ['.lastknown', 0x4, 'Last subframe of this A-MPDU is known'],
  ['.last', 0x8, 'This is the last subframe of this A-MPDU'],
  ['.delim_crc_error', 0x10, 'Delimiter CRC error on this subframe'],
  ['.eof', 0x40, 'EOF on this subframe'],
  ['.eof_known', 0x80, 'EOF of this A-MPDU is known'],
], LITTLE);

export const LSIG_KNOWN = defineBits('radiotap.l_sig', [
  ['.data1', 0x0, 'Data1', 'u16', 'hex'],
  ['.rate_known', 0x1, 'rate known'],
  ['.length_known', 0x2, 'length known'],
  ['.reserved', 0xfffc, 'reserved', 'u16', 'hex'],
], LITTLE);

export const LSIG = defineBits('radiotap.l_sig', [
  ['.data2', 0x0, 'Data2', 'u16', 'hex'],
  ['.rate', 0xf, 'rate', 'u16'],
  ['.length', 0xfff0, 'length', 'u16'],
], LITTLE);

export const VHT_KNOWN = defineBits('radiotap.vht', [
  ['.have_stbc', 0x1, 'STBC'],
  ['.have_txop_ps', 0x2, 'TXOP_PS_NOT_ALLOWED'],
  ['.have_gi', 0x4, 'Guard interval'],
  ['.have_sgi_nsym_da', 0x8, 'SGI Nsym disambiguation'],
  ['.ldpc_extra', 0x10, 'LDPC extra OFDM symbol'],
  ['.have_beamformed', 0x20, 'Beamformed'],
  ['radiotap.mcs.have_gid', 0x80, 'Group ID'],
  ['radiotap.mcs.have_paid', 0x100, 'Partial AID'],
], LITTLE);
