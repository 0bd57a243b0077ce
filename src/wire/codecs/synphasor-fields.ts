import { defineFields, put } from '../define-dissector.ts';

export const synphasorFields = defineFields({
  sync: { name: 'synphasor.sync', ...put('u16', 'Synchronization word', { base: 'hex' }) },
  frtype: { name: 'synphasor.frtype', ...put('u16', 'Frame Type', { base: 'hex', mask: 0x70 }) },
  version: { name: 'synphasor.version', ...put('u16', 'Version', { mask: 0xf }) },
  frsize: { name: 'synphasor.frsize', ...put('u16', 'Framesize') },
  idcodeStreamSource: { name: 'synphasor.idcode_stream_source', ...put('u16', 'PMU/DC ID number (Stream source ID)') },
  soc: { name: 'synphasor.soc', ...put('abstime', 'SOC time stamp') },
  timeqalLsdir: { name: 'synphasor.timeqal.lsdir', ...put('boolean', 'Leap second direction', { mask: 0x40 }) },
  timeqalLsocc: { name: 'synphasor.timeqal.lsocc', ...put('boolean', 'Leap second occurred', { mask: 0x20 }) },
  timeqalLspend: { name: 'synphasor.timeqal.lspend', ...put('boolean', 'Leap second pending', { mask: 0x10 }) },
  timeqalTimequalindic: { name: 'synphasor.timeqal.timequalindic', ...put('u8', 'Message Time Quality indicator code', { base: 'hex', mask: 0xf }) },
  fracsecRaw: { name: 'synphasor.fracsec_raw', ...put('u24', 'Fraction of second (raw)') },
  confNumpmu: { name: 'synphasor.conf.numpmu', ...put('u16', 'Number of PMU blocks included in the frame') },
  command: { name: 'synphasor.command', ...put('u16', 'Command', { base: 'hex', mask: 0xffff }) },
  checksum: { name: 'synphasor.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'synphasor.checksum.status', ...put('u8', 'Checksum Status') },
});
