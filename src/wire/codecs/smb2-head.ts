// The header of MS-SMB2 §2.2.1: offsets from the protocol id.
export const HEAD = {
  LENGTH: 4, CREDIT_CHARGE: 6, STATUS: 8, COMMAND: 12, CREDITS: 14, FLAGS: 16, NEXT: 20, MESSAGE_ID: 24, ASYNC_ID: 32, PROCESS: 32, TREE: 36, SESSION: 40, SIGNATURE: 48, SIZE: 64,
} as const;

export const FLAG_RESPONSE = 0x1;
export const FLAG_ASYNC = 0x2;

export const CMD = {
  NEGOTIATE: 0, SESSION_SETUP: 1, LOGOFF: 2, TREE_CONNECT: 3, TREE_DISCONNECT: 4, CREATE: 5, CLOSE: 6, FLUSH: 7, READ: 8, WRITE: 9, LOCK: 10, IOCTL: 11,
  CANCEL: 12, KEEPALIVE: 13, FIND: 14, NOTIFY: 15, GET_INFO: 16, SET_INFO: 17, BREAK: 18,
} as const;

export const SMB2_COMMANDS = {
  0: 'Negotiate Protocol', 1: 'Session Setup', 2: 'Session Logoff', 3: 'Tree Connect', 4: 'Tree Disconnect', 5: 'Create', 6: 'Close', 7: 'Flush', 8: 'Read',
  9: 'Write', 10: 'Lock', 11: 'Ioctl', 12: 'Cancel', 13: 'KeepAlive', 14: 'Find', 15: 'Notify', 16: 'GetInfo', 17: 'SetInfo', 18: 'Break',
} as const;

export const SHARE_TYPES = { 1: 'Physical disk', 2: 'Named pipe', 3: 'Physical printer' } as const;
export const PIPE = 2;
