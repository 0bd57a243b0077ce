export const PDU = {
  REQUEST: 0, PING: 1, RESPONSE: 2, FAULT: 3, WORKING: 4, NOCALL: 5, REJECT: 6, ACK: 7, CANCEL: 8, FACK: 9, CANCEL_ACK: 10, BIND: 11, BIND_ACK: 12, BIND_NAK: 13,
  ALTER: 14, ALTER_ACK: 15, AUTH3: 16, SHUTDOWN: 17, CO_CANCEL: 18, ORPHANED: 19, RTS: 20,
} as const;

export const PDU_NAMES = {
  0: 'Request', 1: 'Ping', 2: 'Response', 3: 'Fault', 4: 'Working', 5: 'Nocall', 6: 'Reject', 7: 'Ack', 8: 'Cl_cancel', 9: 'Fack', 10: 'Cancel_ack', 11: 'Bind',
  12: 'Bind_ack', 13: 'Bind_nak', 14: 'Alter_context', 15: 'Alter_context_resp', 16: 'AUTH3', 17: 'Shutdown', 18: 'Co_cancel', 19: 'Orphaned', 20: 'RTS',
} as const;
