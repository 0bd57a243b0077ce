import type { Field } from '../../filter/field.ts';
import type { BitRow } from '../bit-fields.ts';
import { defineBits } from '../bit-fields.ts';

// Elements of 802.11 management frames whose values stand at fixed places (IEEE 802.11-2020 §9.4.2), by element number.

/** Some bytes of an element and the fields that lie over them. */
export interface ElementWord {
  readonly offset: number;
  readonly size: number;
  readonly fields: readonly Field[];
}

function word(offset: number, size: number, name: string, rows: readonly BitRow[]): ElementWord {
  return { offset, size, fields: defineBits(name, rows, { little: true }) };
}

const fhParameters = [
  word(0, 2, 'wlan.fh', [['.dwell_time', 0, 'Dwell Time', 'u16', 'hex']]),
  word(2, 1, 'wlan.fh', [['.hop_set', 0, 'Hop Set', 'u8']]),
  word(3, 1, 'wlan.fh', [['.hop_pattern', 0, 'Hop Pattern', 'u8']]),
  word(4, 1, 'wlan.fh', [['.hop_index', 0, 'Hop Index', 'u8']]),
];

const dsParameter = [
  word(0, 1, 'wlan.ds', [['.current_channel', 0, 'Current Channel', 'u8']]),
];

const cfParameters = [
  word(0, 1, 'wlan.cfp', [['.count', 0, 'CFP Count', 'u8']]),
  word(1, 1, 'wlan.cfp', [['.period', 0, 'CFP Period', 'u8']]),
  word(2, 2, 'wlan.cfp', [['.max_duration', 0, 'CFP Max Duration', 'u16']]),
  word(4, 2, 'wlan.cfp', [['.dur_remaining', 0, 'CFP Dur Remaining', 'u16']]),
];

const trafficIndication = [
  word(0, 1, 'wlan.tim', [['.dtim_count', 0, 'DTIM count', 'u8']]),
  word(1, 1, 'wlan.tim', [['.dtim_period', 0, 'DTIM period', 'u8']]),
  word(2, 1, 'wlan.tim', [
    ['.bmapctl', 0, 'Bitmap control', 'u8', 'hex'],
    ['.bmapctl.multicast', 0x1, 'Multicast'],
    ['.bmapctl.offset', 0xfe, 'Bitmap Offset', 'u8', 'hex'],
  ]),
];

const ibss = [
  word(0, 2, 'wlan.ibss', [['.atim_windows', 0, 'Atim Windows', 'u16', 'hex']]),
];

const load = [
  word(0, 2, 'wlan.qbss', [['.scount', 0, 'Station Count', 'u16']]),
  word(2, 1, 'wlan.qbss', [['.cu', 0, 'Channel Utilization', 'u8']]),
  word(3, 2, 'wlan.qbss', [['.adc', 0, 'Available Admission Capacity', 'u8']]),
];

const powerConstraint = [
  word(0, 1, 'wlan.powercon', [['.local', 0, 'Local Power Constraint', 'u8']]),
];

const powerCapability = [
  word(0, 1, 'wlan.powercap', [['.min', 0, 'Minimum Transmit Power', 'i8']]),
  word(1, 1, 'wlan.powercap', [['.max', 0, 'Maximum Transmit Power', 'i8']]),
];

const powerReport = [
  word(0, 1, 'wlan.tcprep', [['.trsmt_pow', 0, 'Transmit Power', 'i8']]),
  word(1, 1, 'wlan.tcprep', [['.link_mrg', 0, 'Link Margin', 'i8']]),
];

const channelSwitch = [
  word(0, 1, 'wlan.csa', [['.channel_switch_mode', 0, 'Channel Switch Mode', 'u8']]),
  word(1, 1, 'wlan.csa', [['.new_channel_number', 0, 'New Channel Number', 'u8']]),
  word(2, 1, 'wlan.csa', [['.channel_switch.count', 0, 'Channel Switch Count', 'u8']]),
];

const erp = [
  word(0, 1, 'wlan.erp_info', [
    ['wlan.erp_info', 0, 'ERP Information', 'u8', 'hex'],
    ['.erp_present', 0x1, 'Non ERP Present'],
    ['.use_protection', 0x2, 'Use Protection'],
    ['.barker_preamble_mode', 0x4, 'Barker Preamble Mode'],
    ['.reserved', 0xf8, 'Reserved', 'u8', 'hex'],
  ]),
];

/** The set of modulation and coding schemes, which two elements of High Throughput have. */
function schemes(at: number): readonly ElementWord[] {
  return [
    word(at, 16, 'wlan.ht.mcsset', [['wlan.ht.mcsset', 0, 'Rx Supported Modulation and Coding Scheme Set', 'none']]),
    word(at, 10, 'wlan.ht.mcsset', [['.rxbitmask', 0, 'Rx Modulation and Coding Scheme (One bit per modulation)', 'none']]),
    word(at, 4, 'wlan.ht.mcsset.rxbitmask', [
      ['.0to7', 0xff, 'Rx Bitmask Bits 0-7', 'u32', 'hex'],
      ['.8to15', 0xff00, 'Rx Bitmask Bits 8-15', 'u32', 'hex'],
      ['.16to23', 0xff0000, 'Rx Bitmask Bits 16-23', 'u32', 'hex'],
      ['.24to31', 0xff000000, 'Rx Bitmask Bits 24-31', 'u32', 'hex'],
    ]),
    word(at + 4, 4, 'wlan.ht.mcsset.rxbitmask', [
      ['.32', 0x1, 'Rx Bitmask Bit 32', 'u32', 'hex'],
      ['.33to38', 0x7e, 'Rx Bitmask Bits 33-38', 'u32', 'hex'],
      ['.39to52', 0x1fff80, 'Rx Bitmask Bits 39-52', 'u32', 'hex'],
    ]),
    word(at + 7, 4, 'wlan.ht.mcsset.rxbitmask', [['.53to76', 0x1fffffe0, 'Rx Bitmask Bits 53-76', 'u32', 'hex']]),
    word(at + 10, 2, 'wlan.ht.mcsset', [['.highestdatarate', 0x3ff, 'Highest Supported Data Rate', 'u16', 'hex']]),
    word(at + 12, 2, 'wlan.ht.mcsset', [
      ['.txsetdefined', 0x1, 'Tx Supported MCS Set'],
      ['.txrxmcsnotequal', 0x2, 'Tx and Rx MCS Set'],
      ['.txmaxss', 0xc, 'Maximum Number of Tx Spatial Streams Supported', 'u16', 'hex'],
      ['.txunequalmod', 0x10, 'Unequal Modulation'],
    ]),
  ];
}

const htCapabilities = [
  word(0, 2, 'wlan.ht.capabilities', [
    ['wlan.ht.capabilities', 0, 'HT Capabilities Info', 'u16', 'hex'],
    ['.ldpccoding', 0x1, 'HT LDPC coding capability'],
    ['.width', 0x2, 'HT Support channel width'],
    ['.sm', 0xc, 'HT SM Power Save', 'u16', 'hex'],
    ['.green', 0x10, 'HT Green Field'],
    ['.short20', 0x20, 'HT Short GI for 20MHz'],
    ['.short40', 0x40, 'HT Short GI for 40MHz'],
    ['.txstbc', 0x80, 'HT Tx STBC'],
    ['.rxstbc', 0x300, 'HT Rx STBC', 'u16', 'hex'],
    ['.delayedblockack', 0x400, 'HT Delayed Block ACK'],
    ['.amsdu', 0x800, 'HT Max A-MSDU length'],
    ['.dsscck', 0x1000, 'HT DSSS/CCK mode in 40MHz'],
    ['.psmp', 0x2000, 'HT PSMP Support'],
    ['.40mhzintolerant', 0x4000, 'HT Forty MHz Intolerant'],
    ['.lsig', 0x8000, 'HT L-SIG TXOP Protection support'],
  ]),
  word(2, 1, 'wlan.ht.ampduparam', [
    ['wlan.ht.ampduparam', 0, 'A-MPDU Parameters', 'u8', 'hex'],
    ['.maxlength', 0x3, 'Maximum Rx A-MPDU Length', 'u8', 'hex'],
    ['.mpdudensity', 0x1c, 'MPDU Density', 'u8', 'hex'],
    ['.reserved', 0xe0, 'Reserved', 'u8', 'hex'],
  ]),
  ...schemes(3),
  word(19, 2, 'wlan.htex', [
    ['.capabilities', 0, 'HT Extended Capabilities', 'u16', 'hex'],
    ['.capabilities.pco', 0x1, 'Transmitter supports PCO'],
    ['.capabilities.transtime', 0x6, 'Time needed to transition between 20MHz and 40MHz', 'u16', 'hex'],
    ['.capabilities.mcs', 0x300, 'MCS Feedback capability', 'u16', 'hex'],
    ['.capabilities.htc', 0x400, 'High Throughput'],
    ['.capabilities.rdresponder', 0x800, 'Reverse Direction Responder'],
  ]),
  word(21, 4, 'wlan.txbf', [
    ['wlan.txbf', 0, 'Transmit Beam Forming (TxBF) Capabilities', 'u32', 'hex'],
    ['.txbf', 0x1, 'Transmit Beamforming'],
    ['.rxss', 0x2, 'Receive Staggered Sounding'],
    ['.txss', 0x4, 'Transmit Staggered Sounding'],
    ['.rxndp', 0x8, 'Receive Null Data packet (NDP)'],
    ['.txndp', 0x10, 'Transmit Null Data packet (NDP)'],
    ['.impltxbf', 0x20, 'Implicit TxBF capable'],
    ['.calibration', 0xc0, 'Calibration', 'u32', 'hex'],
    ['.csi', 0x100, 'STA can apply TxBF using CSI explicit feedback'],
    ['.fm.uncompressed.tbf', 0x200, 'STA can apply TxBF using uncompressed beamforming feedback matrix'],
    ['.fm.compressed.tbf', 0x400, 'STA can apply TxBF using compressed beamforming feedback matrix'],
    ['.rcsi', 0x1800, 'Receiver can return explicit CSI feedback', 'u32', 'hex'],
    ['.fm.uncompressed.rbf', 0x6000, 'Receiver can return explicit uncompressed Beamforming Feedback Matrix', 'u32', 'hex'],
    ['.fm.compressed.bf', 0x18000, 'STA can compress and use compressed Beamforming Feedback Matrix', 'u32', 'hex'],
    ['.mingroup', 0x60000, 'Minimal grouping used for explicit feedback reports', 'u32', 'hex'],
    ['.csinumant', 0x180000, 'Max antennae STA can support when CSI feedback required', 'u32', 'hex'],
    ['.fm.uncompressed.maxant', 0x600000, 'Max antennae STA can support when uncompressed Beamforming feedback required', 'u32', 'hex'],
    ['.fm.compressed.maxant', 0x1800000, 'Max antennae STA can support when compressed Beamforming feedback required', 'u32', 'hex'],
    ['.csi.maxrows', 0x6000000, 'Maximum number of rows of CSI explicit feedback', 'u32', 'hex'],
    ['.channelest', 0x18000000, 'Maximum number of space time streams for which channel dimensions can be simultaneously estimated', 'u32', 'hex'],
    ['.reserved', 0xe0000000, 'Reserved', 'u32', 'hex'],
  ]),
  word(25, 1, 'wlan.asel', [
    ['wlan.asel', 0, 'Antenna Selection (ASEL) Capabilities', 'u8', 'hex'],
    ['.capable', 0x1, 'Antenna Selection Capable'],
    ['.txcsi', 0x2, 'Explicit CSI Feedback Based Tx ASEL'],
    ['.txif', 0x4, 'Antenna Indices Feedback Based Tx ASEL'],
    ['.csi', 0x8, 'Explicit CSI Feedback'],
    ['.if', 0x10, 'Antenna Indices Feedback'],
    ['.rx', 0x20, 'Rx ASEL'],
    ['.sppdu', 0x40, 'Tx Sounding PPDUs'],
    ['.reserved', 0x80, 'Reserved', 'u8', 'hex'],
  ]),
];

const secondaryChannel = [
  word(0, 1, 'wlan', [['.secchanoffset', 0, 'Secondary Channel Offset', 'u8', 'hex']]),
];

const mobilityDomain = [
  word(0, 2, 'wlan.mobility_domain', [['.mdid', 0, 'Mobility Domain Identifier', 'u16', 'hex']]),
  word(2, 1, 'wlan.mobility_domain.ft_capab', [
    ['wlan.mobility_domain.ft_capab', 0, 'FT Capability and Policy', 'u8', 'hex'],
    ['.ft_over_ds', 0x1, 'Fast BSS Transition over DS', 'u8', 'hex'],
    ['.resource_req', 0x2, 'Resource Request Protocol Capability', 'u8', 'hex'],
    ['.reserved', 0xfc, 'Reserved', 'u8', 'hex'],
  ]),
];

const htOperation = [
  word(0, 1, 'wlan.ht.info', [['.primarychannel', 0, 'Primary Channel', 'u8']]),
  word(1, 1, 'wlan.ht.info', [
    ['.delim1', 0, 'HT Information Subset (1 of 3)', 'u8', 'hex'],
    ['.secchanoffset', 0x3, 'Secondary channel offset', 'u8', 'hex'],
    ['.chanwidth', 0x4, 'Supported channel width'],
    ['.rifs', 0x8, 'Reduced Interframe Spacing (RIFS)'],
    ['.reserved_b4_b7', 0xf0, 'Reserved', 'u8', 'hex'],
  ]),
  word(2, 2, 'wlan.ht.info', [
    ['.delim2', 0, 'HT Information Subset (2 of 3)', 'u16', 'hex'],
    ['.ht_protection', 0x3, 'HT Protection', 'u16', 'hex'],
    ['.greenfield', 0x4, 'Non-greenfield STAs present'],
    ['.reserved_b11', 0x8, 'Reserved', 'u16', 'hex'],
    ['.obssnonht', 0x10, 'OBSS non-HT STAs present'],
    ['.chan_center_freq_seg_2', 0x1fe0, 'Channel Center Frequency Segment 2', 'u16'],
    ['.reserved_b21_b23', 0xe000, 'Reserved', 'u16', 'hex'],
  ]),
  word(4, 2, 'wlan.ht.info', [
    ['.delim3', 0, 'HT Information Subset (3 of 3)', 'u16', 'hex'],
    ['.reserved_b24_b29', 0x3f, 'Reserved', 'u16', 'hex'],
    ['.dualbeacon', 0x40, 'Dual beacon'],
    ['.dualcts', 0x80, 'Dual Clear To Send (CTS) protection'],
    ['.secondarybeacon', 0x100, 'Beacon ID'],
    ['.lsigprotsupport', 0x200, 'L-SIG TXOP Protection Full Support'],
    ['.pco.active', 0x400, 'Phased Coexistence Operation (PCO)'],
    ['.pco.phase', 0x800, 'Phased Coexistence Operation (PCO) Phase'],
    ['.reserved_b36_b39', 0xf000, 'Reserved', 'u16', 'hex'],
  ]),
  ...schemes(6),
];

const multipleBssid = [
  word(0, 1, 'wlan', [['.multiple_bssid', 0, 'Max BSSID Indicator', 'u8']]),
];

const coexistence = [
  word(0, 1, 'wlan', [
    ['.20_40_bc', 0, '20/40 BSS Coexistence Flags', 'u8', 'hex'],
    ['.20_40_bc.information_request', 0x1, 'Information Request'],
    ['.20_40_bc.forty_mhz_intolerant', 0x2, 'Forty MHz Intolerant'],
    ['.20_40_bc.20_mhz_bss_width_request', 0x4, '20 MHz BSS Width Request'],
    ['.20_40_bc.obss_scanning_exemption_request', 0x8, 'OBSS Scanning Exemption Request'],
    ['.20_40_bc.obss_scanning_exemption_grant', 0x10, 'OBSS Scanning Exemption Grant'],
    ['.20_40_bc.reserved', 0xe0, 'Reserved', 'u8', 'hex'],
  ]),
];

const overlapScan = [
  word(0, 2, 'wlan.obss', [['.spd', 0, 'Scan Passive Dwell', 'u16']]),
  word(2, 2, 'wlan.obss', [['.sad', 0, 'Scan Active Dwell', 'u16']]),
  word(4, 2, 'wlan.obss', [['.cwtsi', 0, 'Channel Width Trigger Scan Interval', 'u16']]),
  word(6, 2, 'wlan.obss', [['.sptpc', 0, 'Scan Passive Total Per Channel', 'u16']]),
  word(8, 2, 'wlan.obss', [['.satpc', 0, 'Scan Active Total Per Channel', 'u16']]),
  word(10, 2, 'wlan.obss', [['.wctdf', 0, 'Width Channel Transition Delay Factor', 'u16']]),
  word(12, 2, 'wlan.obss', [['.sat', 0, 'Scan Activity Threshold', 'u16']]),
];

const interworking = [
  word(0, 1, 'wlan.interworking', [
    ['.access_network_type', 0xf, 'Access Network Type', 'u8'],
    ['.internet', 0x10, 'Internet', 'u8'],
    ['.asra', 0x20, 'ASRA', 'u8'],
    ['.esr', 0x40, 'ESR', 'u8'],
    ['.uesa', 0x80, 'UESA', 'u8'],
  ]),
];

const meshConfiguration = [
  word(0, 1, 'wlan.mesh.config', [['.ps_protocol', 0, 'Path Selection Protocol', 'u8', 'hex']]),
  word(1, 1, 'wlan.mesh.config', [['.ps_metric', 0, 'Path Selection Metric', 'u8', 'hex']]),
  word(2, 1, 'wlan.mesh.config', [['.cong_ctl', 0, 'Congestion Control', 'u8', 'hex']]),
  word(3, 1, 'wlan.mesh.config', [['.sync_method', 0, 'Synchronization Method', 'u8', 'hex']]),
  word(4, 1, 'wlan.mesh.config', [['.auth_protocol', 0, 'Authentication Protocol', 'u8', 'hex']]),
  word(5, 1, 'wlan.mesh.config', [['.formation_info', 0, 'Formation Info', 'u8', 'hex'], ['.formation_info.num_peers', 0x7e, 'Number of Peerings', 'u8']]),
  word(6, 1, 'wlan.mesh.config', [
    ['.cap', 0, 'Capability', 'u8', 'hex'],
    ['.cap.accept', 0x1, 'Accepting Additional Mesh Peerings'],
    ['.cap.mcca_support', 0x2, 'MCCA Support'],
    ['.cap.mcca_enabled', 0x4, 'MCCA Enabled'],
    ['.cap.forwarding', 0x8, 'Mesh Forwarding'],
    ['.cap.mbca_enabled', 0x10, 'MBCA Enabled'],
    ['.cap.tbtt_adjusting', 0x20, 'TBTT Adjustment'],
    ['.cap.power_save_level', 0x40, 'Power Save'],
    ['.cap.reserved', 0x80, 'Reserved', 'u8', 'hex'],
  ]),
];

const vhtCapabilities = [
  word(0, 4, 'wlan.vht.capabilities', [
    ['wlan.vht.capabilities', 0, 'VHT Capabilities Info', 'u32', 'hex'],
    ['.maxmpdulength', 0x3, 'Maximum MPDU Length', 'u32', 'hex'],
    ['.supportedchanwidthset', 0xc, 'Supported Channel Width Set', 'u32', 'hex'],
    ['.rxldpc', 0x10, 'Rx LDPC'],
    ['.short80', 0x20, 'Short GI for 80MHz/TVHT_MODE_4C'],
    ['.short160', 0x40, 'Short GI for 160MHz and 80+80MHz'],
    ['.txstbc', 0x80, 'Tx STBC'],
    ['.rxstbc', 0x700, 'Rx STBC', 'u32', 'hex'],
    ['.subeamformer', 0x800, 'SU Beamformer Capable'],
    ['.subeamformee', 0x1000, 'SU Beamformee Capable'],
    ['.beamformee_sts_cap', 0xe000, 'Beamformee STS Capability', 'u32', 'hex'],
    ['.soundingdimensions', 0x70000, 'Number of Sounding Dimensions', 'u32', 'hex'],
    ['.mubeamformer', 0x80000, 'MU Beamformer Capable'],
    ['.mubeamformee', 0x100000, 'MU Beamformee Capable'],
    ['.vhttxopps', 0x200000, 'TXOP PS'],
    ['.vhthtc', 0x400000, '+HTC-VHT Capable'],
    ['.maxampdu', 0x3800000, 'Max A-MPDU Length Exponent', 'u32', 'hex'],
    ['.linkadapt', 0xc000000, 'VHT Link Adaptation', 'u32', 'hex'],
    ['.rxpatconsist', 0x10000000, 'Rx Antenna Pattern Consistency'],
    ['.txpatconsist', 0x20000000, 'Tx Antenna Pattern Consistency'],
    ['.ext_nss_bw_support', 0xc0000000, 'Extended NSS BW Support', 'u32', 'hex'],
  ]),
  word(4, 8, 'wlan.vht', [['.mcsset', 0, 'VHT Supported MCS Set', 'none']]),
  word(4, 2, 'wlan.vht.mcsset', [
    ['.rxmcsmap', 0, 'Rx MCS Map', 'u16', 'hex'],
    ['.rxmcsmap.ss1', 0x3, 'Rx 1 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss2', 0xc, 'Rx 2 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss3', 0x30, 'Rx 3 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss4', 0xc0, 'Rx 4 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss5', 0x300, 'Rx 5 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss6', 0xc00, 'Rx 6 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss7', 0x3000, 'Rx 7 SS', 'u16', 'hex'],
    ['.rxmcsmap.ss8', 0xc000, 'Rx 8 SS', 'u16', 'hex'],
  ]),
  word(6, 2, 'wlan.vht.mcsset', [['.max_nsts_total', 0xe000, 'MaX NSTS Total', 'u16'], ['.rxhighestlonggirate', 0x1fff, 'Rx Highest Long GI Data Rate (in Mb/s, 0 = subfield not in use)', 'u16', 'hex']]),
  word(8, 2, 'wlan.vht.mcsset', [
    ['.txmcsmap', 0, 'Tx MCS Map', 'u16', 'hex'],
    ['.txmcsmap.ss1', 0x3, 'Tx 1 SS', 'u16', 'hex'],
    ['.txmcsmap.ss2', 0xc, 'Tx 2 SS', 'u16', 'hex'],
    ['.txmcsmap.ss3', 0x30, 'Tx 3 SS', 'u16', 'hex'],
    ['.txmcsmap.ss4', 0xc0, 'Tx 4 SS', 'u16', 'hex'],
    ['.txmcsmap.ss5', 0x300, 'Tx 5 SS', 'u16', 'hex'],
    ['.txmcsmap.ss6', 0xc00, 'Tx 6 SS', 'u16', 'hex'],
    ['.txmcsmap.ss7', 0x3000, 'Tx 7 SS', 'u16', 'hex'],
    ['.txmcsmap.ss8', 0xc000, 'Tx 8 SS', 'u16', 'hex'],
  ]),
  word(10, 2, 'wlan.vht', [
    ['.mcsset.txhighestlonggirate', 0x1fff, 'Tx Highest Long GI Data Rate  (in Mb/s, 0 = subfield not in use)', 'u16', 'hex'],
    ['.ncsset.ext_nss_bw_cap', 0x2000, 'Extended NSS BW Capable'],
    ['.ncsset.reserved', 0xc000, 'Reserved', 'u16', 'hex'],
  ]),
];

const vhtOperation = [
  word(0, 3, 'wlan.vht', [['.op', 0, 'VHT Operation Info', 'none']]),
  word(0, 1, 'wlan.vht.op', [['.channelwidth', 0, 'Channel Width', 'u8']]),
  word(1, 1, 'wlan.vht.op', [['.channelcenter0', 0, 'Channel Center Segment 0', 'u8']]),
  word(2, 1, 'wlan.vht.op', [['.channelcenter1', 0, 'Channel Center Segment 1', 'u8']]),
  word(3, 2, 'wlan.vht.op', [
    ['.basicmcsmap', 0, 'Basic MCS Map', 'u16', 'hex'],
    ['.basicmcsmap.ss1', 0x3, 'Basic 1 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss2', 0xc, 'Basic 2 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss3', 0x30, 'Basic 3 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss4', 0xc0, 'Basic 4 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss5', 0x300, 'Basic 5 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss6', 0xc00, 'Basic 6 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss7', 0x3000, 'Basic 7 SS', 'u16', 'hex'],
    ['.basicmcsmap.ss8', 0xc000, 'Basic 8 SS', 'u16', 'hex'],
  ]),
];

const radioMeasurement = [
  word(0, 1, 'wlan.rmcap', [
    ['wlan.rmcap', 0, 'RM Capabilities', 'u8', 'hex'],
    ['.b0', 0x1, 'Link Measurement'],
    ['.b1', 0x2, 'Neighbor Report'],
    ['.b2', 0x4, 'Parallel Measurements'],
    ['.b3', 0x8, 'Repeated Measurements'],
    ['.b4', 0x10, 'Beacon Passive Measurement'],
    ['.b5', 0x20, 'Beacon Active Measurement'],
    ['.b6', 0x40, 'Beacon Table Measurement'],
    ['.b7', 0x80, 'Beacon Measurement Reporting Conditions'],
  ]),
  word(1, 1, 'wlan.rmcap', [
    ['wlan.rmcap', 0, 'RM Capabilities', 'u8', 'hex'],
    ['.b8', 0x1, 'Frame Measurement'],
    ['.b9', 0x2, 'Channel Load Measurement'],
    ['.b10', 0x4, 'Noise Histogram Measurement'],
    ['.b11', 0x8, 'Statistics Measurement'],
    ['.b12', 0x10, 'LCI Measurement'],
    ['.b13', 0x20, 'LCI Azimuth capability'],
    ['.b14', 0x40, 'Transmit Stream/Category Measurement'],
    ['.b15', 0x80, 'Triggered Transmit Stream/Category Measurement'],
  ]),
  word(2, 1, 'wlan.rmcap', [
    ['wlan.rmcap', 0, 'RM Capabilities', 'u8', 'hex'],
    ['.b16', 0x1, 'AP Channel Report capability'],
    ['.b17', 0x2, 'RM MIB capability'],
    ['.b18to20', 0x1c, 'Operating Channel Max Measurement Duration', 'u8'],
    ['.b21to23', 0xe0, 'Nonoperating Channel Max Measurement Duration', 'u8'],
  ]),
  word(3, 1, 'wlan.rmcap', [
    ['wlan.rmcap', 0, 'RM Capabilities', 'u8', 'hex'],
    ['.b24to26', 0x7, 'Measurement Pilotcapability', 'u8'],
    ['.b27', 0x8, 'Measurement Pilot Transmission Information'],
    ['.b28', 0x10, 'Neighbor Report TSF Offset'],
    ['.b29', 0x20, 'RCPI Measurement capability'],
    ['.b30', 0x40, 'RSNI Measurement capability'],
    ['.b31', 0x80, 'BSS Average Access Delay capability'],
  ]),
  word(4, 1, 'wlan.rmcap', [
    ['wlan.rmcap', 0, 'RM Capabilities', 'u8', 'hex'],
    ['.b32', 0x1, 'BSS Available Admission Capacity capability'],
    ['.b33', 0x2, 'Antenna capability'],
    ['.b34', 0x4, 'FTM Range Report Capability'],
    ['.b35', 0x8, 'Civic Location Measurement Capability'],
    ['.o5', 0xf0, 'Reserved', 'u8', 'hex'],
  ]),
];

const BY_NUMBER: Readonly<Record<number, readonly ElementWord[]>> = {
  2: fhParameters,
  3: dsParameter,
  4: cfParameters,
  5: trafficIndication,
  6: ibss,
  11: load,
  32: powerConstraint,
  33: powerCapability,
  35: powerReport,
  37: channelSwitch,
  42: erp,
  45: htCapabilities,
  54: mobilityDomain,
  61: htOperation,
  62: secondaryChannel,
  70: radioMeasurement,
  71: multipleBssid,
  72: coexistence,
  74: overlapScan,
  107: interworking,
  113: meshConfiguration,
  191: vhtCapabilities,
  192: vhtOperation,
};

/** By element number; undefined for elements that are read otherwise, or not. */
export const ELEMENT_WORDS: readonly (readonly ElementWord[] | undefined)[] = Array.from({ length: 256 }, (_, number) => BY_NUMBER[number]);

/** All of their fields, for the dissector's list. */
export const ELEMENT_FIELDS: readonly Field[] = Object.values(BY_NUMBER).flatMap((words) => words.flatMap((w) => w.fields));
