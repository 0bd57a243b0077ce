import { u16le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineBits, putBits } from '../bit-fields.ts';
import type { PacketView } from '../packet-view.ts';

// Six words that tell how a High Efficiency frame was sent (radiotap.org, "HE"). A value that the driver did not know has a name of
// its own.

const HEX = { little: true, base: 'hex' } as const;

export const HE_1 = defineBits('radiotap.he.data_1', [
  ['radiotap.he.data_1', 0, 'HE Data 1', 'u16', 'hex'],
  ['.ppdu_format', 0x3, 'PPDU Format', 'u16', 'hex'],
  ['.bss_color_known', 0x4, 'BSS Color known'],
  ['.beam_change_known', 0x8, 'Beam Change known'],
  ['.ul_dl_known', 0x10, 'UL/DL known'],
  ['.data_mcs_known', 0x20, 'data MCS known'],
  ['.data_dcm_known', 0x40, 'data DCM known'],
  ['.coding_known', 0x80, 'Coding known'],
  ['.ldpc_extra_symbol_segment_known', 0x100, 'LDPC extra symbol segment known'],
  ['.stbc_known', 0x200, 'STBC known'],
  ['.spatial_reuse_1_known', 0x400, 'Spatial Reuse 1 known'],
  ['.spatial_reuse_2_known', 0x800, 'Spatial Reuse 2 known'],
  ['.spatial_reuse_3_known', 0x1000, 'Spatial Reuse 3 known'],
  ['.spatial_reuse_4_known', 0x2000, 'Spatial Reuse 4 known'],
  ['.data_bw_ru_allocation_known', 0x4000, 'data BW/RU allocation known'],
  ['.doppler_known', 0x8000, 'Doppler known'],
], HEX);
export const HE_2 = defineBits('radiotap.he.data_2', [
  ['radiotap.he.data_2', 0, 'HE Data 2', 'u16', 'hex'],
  ['.pri_sec_80_mhz_known', 0x1, 'pri/sec 80 MHz known'],
  ['.gi_known', 0x2, 'GI known'],
  ['.num_ltf_symbols_known', 0x4, 'LTF symbols known'],
  ['.pre_fec_padding_factor_known', 0x8, 'Pre-FEC Padding Factor known'],
  ['.txbf_known', 0x10, 'TxBF known'],
  ['.pe_disambiguity_known', 0x20, 'PE Disambiguity known'],
  ['.txop_known', 0x40, 'TXOP known'],
  ['.midamble_periodicity_known', 0x80, 'midamble periodicity known'],
  ['.ru_allocation_offset', 0x3f00, 'RU allocation offset', 'u16', 'hex'],
  ['.ru_allocation_offseti_known', 0x4000, 'RU allocation offset known'],
  ['.pri_sec_80_mhz', 0x8000, 'pri/sec 80 MHz'],
], HEX);

/** A value of words 3 to 6: the word in which it stands, the word (1, 2) and bit that say that it is known, and what shows it. */
export interface HeValue {
  readonly word: number;
  readonly knownWord: number;
  readonly knownBit: number;
  readonly known: Field;
  readonly unknown: Field;
}

const value = (word: number, knownWord: number, knownBit: number, name: string, mask: number, title: string): HeValue => {
  const [known, unknown] = defineBits('radiotap.he', [[name, mask, title, 'u16'], [`${name}_unknown`, mask, `${title} unknown`, 'u16']], HEX);
  return { word, knownWord, knownBit, known, unknown };
};

export const HE_VALUES: readonly HeValue[] = [
  value(3, 1, 0x0004, '.data_3.bss_color', 0x003f, 'BSS Color'),
  value(3, 1, 0x0008, '.data_3.beam_change', 0x0040, 'Beam Change'),
  value(3, 1, 0x0010, '.data_3.ul_dl', 0x0080, 'UL/DL'),
  value(3, 1, 0x0020, '.data_3.data_mcs', 0x0f00, 'data MCS'),
  value(3, 1, 0x0040, '.data_3.data_dcm', 0x1000, 'data DCM'),
  value(3, 1, 0x0080, '.data_3.coding', 0x2000, 'Coding'),
  value(3, 1, 0x0100, '.data_3.ldpc_extra_symbol_segment', 0x4000, 'LDPC extra symbol segment'),
  value(3, 1, 0x0200, '.data_3.stbc', 0x8000, 'STBC'),
  value(4, 1, 0x0400, '.data_4.spatial_reuse', 0x000f, 'Spatial Reuse'),
  value(5, 1, 0x4000, '.data_5.data_bw_ru_allocation', 0x000f, 'data Bandwidth/RU allocation'),
  value(5, 2, 0x0002, '.data_5.gi', 0x0030, 'GI'),
  value(5, 2, 0x0002, '.data_5.ltf_symbol_size', 0x00c0, 'LTF symbol size'),
  value(5, 2, 0x0004, '.num_ltf_symbols', 0x0700, 'LTF symbols'),
  value(5, 2, 0x0008, '.pre_fec_padding_factor', 0x3000, 'Pre-FEC Padding Factor'),
  value(5, 2, 0x0010, '.txbf', 0x4000, 'TxBF'),
  value(5, 2, 0x0020, '.pe_disambiguity', 0x8000, 'PE Disambiguity'),
  value(6, 1, 0x8000, '.data_6.doppler_value', 0x0010, 'Doppler value'),
  value(6, 2, 0x0040, '.data_6.txop_value', 0x7f00, 'TXOP value'),
  value(6, 2, 0x0080, '.data_6.midamble_periodicity', 0x8000, 'midamble periodicity'),
];

/** The words themselves and what is always known, by word: 0 stands for word 3. */
export const HE_PLAIN: readonly (readonly Field[])[] = [
  defineBits('radiotap.he.data_3', [['radiotap.he.data_3', 0, 'HE Data 3', 'u16']], HEX),
  defineBits('radiotap.he.data_4', [['.reserved_d4_fff0', 0xfff0, 'Reserved', 'u16'], ['radiotap.he.data_4', 0, 'HE Data 4', 'u16']], HEX),
  defineBits('radiotap.he.data_5', [['.reserved_d5_b11', 0x0800, 'reserved', 'u16'], ['radiotap.he.data_5', 0, 'HE Data 5', 'u16']], HEX),
  defineBits('radiotap.he.data_6', [['.nsts', 0x000f, 'NSTS', 'u16'], ['.reserved_d6_00e0', 0x00e0, 'Reserved', 'u16'], ['radiotap.he.data_6', 0, 'HE Data 6', 'u16']], HEX),
];

/** Every field of the six words, for the dissector's list. */
export const HE_FIELDS: readonly Field[] = [...HE_1, ...HE_2, ...HE_VALUES.flatMap((v) => [v.known, v.unknown]), ...HE_PLAIN.flat()];

/** Puts the fields of the six words, which the caller has found to be there. */
export function putHe(p: PacketView, at: number): void {
  putBits(p, HE_1, at, 2);
  putBits(p, HE_2, at + 2, 2);
  for (let i = 0; i < HE_PLAIN.length; i++) putBits(p, HE_PLAIN[i], at + 4 + 2 * i, 2);
  for (let i = 0; i < HE_VALUES.length; i++) {
    const v = HE_VALUES[i];
    const isKnown = (u16le(p.bytes, at + 2 * (v.knownWord - 1)) & v.knownBit) !== 0;
    p.put(isKnown ? v.known : v.unknown, at + 2 * (v.word - 1), 2);
  }
}
