import { defineFields, put } from '../define-dissector.ts';

export const hartIpFields = defineFields({
  version: { name: 'hart_ip.version', ...put('u8', 'Version') },
  messageType: { name: 'hart_ip.message_type', ...put('u8', 'Message Type') },
  messageId: { name: 'hart_ip.message_id', ...put('u8', 'Message ID') },
  status: { name: 'hart_ip.status', ...put('u8', 'Status') },
  transactionId: { name: 'hart_ip.transaction_id', ...put('u16', 'Sequence Number') },
  msgLength: { name: 'hart_ip.msg_length', ...put('u16', 'Message Length') },
  data: { name: 'hart_ip.data', ...put('bytes', 'Message Data') },
  sessionInitMasterType: { name: 'hart_ip.session_init.master_type', ...put('u8', 'Host Type', { mask: 0xff }) },
  sessionInitInactivityCloseTimer: { name: 'hart_ip.session_init.inactivity_close_timer', ...put('u32', 'Inactivity Close Timer') },
  errorErrorCode: { name: 'hart_ip.error.error_code', ...put('u8', 'Error', { mask: 0xff }) },
  ptPreambles: { name: 'hart_ip.pt.preambles', ...put('bytes', 'Preambles') },
  ptDelimiter: { name: 'hart_ip.pt.delimiter', ...put('u8', 'Delimiter', { base: 'hex' }) },
  ptShortAddr: { name: 'hart_ip.pt.short_addr', ...put('u8', 'Short Address') },
  ptLongAddress: { name: 'hart_ip.pt.long_address', ...put('bytes', 'Long Address') },
  ptCommand: { name: 'hart_ip.pt.command', ...put('u8', 'Command') },
  ptLength: { name: 'hart_ip.pt.length', ...put('u8', 'Length') },
  ptResponseCode: { name: 'hart_ip.pt.response_code', ...put('u8', 'Response Code') },
  ptDeviceStatus: { name: 'hart_ip.pt.device_status', ...put('u8', 'Device Status', { base: 'hex' }) },
  ptPayload: { name: 'hart_ip.pt.payload', ...put('bytes', 'Payload') },
  ptChecksum: { name: 'hart_ip.pt.checksum', ...put('u8', 'Checksum', { base: 'hex' }) },
});
