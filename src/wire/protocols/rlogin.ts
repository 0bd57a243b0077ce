import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const rloginFields = defineFields({
  userInfo: { name: 'rlogin.user_info', ...put('string', 'User Info') },
  startup: { name: 'rlogin.client_startup_flag', ...put('u8', 'Client startup flag', { base: 'hex' }) },
  received: { name: 'rlogin.startup_info_received_flag', ...put('u8', 'Startup info received flag', { base: 'hex' }) },
  clientUser: { name: 'rlogin.client_user_name', ...put('string', 'Client-user-name') },
  serverUser: { name: 'rlogin.server_user_name', ...put('string', 'Server-user-name') },
  terminal: { name: 'rlogin.terminal_type', ...put('string', 'Terminal-type') },
  cookie: { name: 'rlogin.magic_cookie', ...put('u16', 'Magic Cookie', { base: 'hex' }) },
  rows: { name: 'rlogin.window_size.rows', ...put('u16', 'Rows') },
  columns: { name: 'rlogin.window_size.cols', ...put('u16', 'Columns') },
  xPixels: { name: 'rlogin.window_size.x_pixels', ...put('u16', 'X Pixels') },
  yPixels: { name: 'rlogin.window_size.y_pixels', ...put('u16', 'Y Pixels') },
  data: { name: 'rlogin.data', ...put('string', 'Data') },
});
const F = rloginFields;
const PORT = 513;
const COOKIE = 0xffff;
const WINDOW_LEN = 12;

interface Login {
  named: boolean;
}

const createLogin = (): Login => ({ named: false });

/** BSD Rlogin: names of the users, then the terminal's text (RFC 1282). */
export default defineDissector({
  name: 'rlogin',
  title: 'Rlogin Protocol',
  spec: ['RFC 1282'],
  over: { 'tcp.port': [PORT] },
  fields: rloginFields,
  short: 'Rlogin',
  dissect(p, at, end) {
    const login = p.flow >= 0 ? p.trackers.state('rlogin', p.flow, createLogin) : createLogin();
    const b = p.bytes;
    if (p.dstPort !== PORT) {
      const flag = end - at === 1 && b[at] === 0;
      p.put(flag ? F.received : F.data, at, end - at);
      return DONE;
    }
    if (!login.named && end - at === 1 && b[at] === 0) {
      p.put(F.startup, at, 1);
      return DONE;
    }
    if (!login.named) {
      login.named = true;
      putNames(p, b[at] === 0 ? at + 1 : at, end);
      return DONE;
    }
    for (let i = at; i + WINDOW_LEN <= end; i++) {
      if (u16be(b, i) !== COOKIE || b[i + 2] !== 0x73 || b[i + 3] !== 0x73) continue;
      putWindow(p, i);
      return DONE;
    }
    p.put(F.data, at, end - at);
    return DONE;
  },
});

function putNames(p: PacketView, at: number, end: number): void {
  const fields = [F.clientUser, F.serverUser, F.terminal];
  p.put(F.userInfo, at, end - at);
  let pos = at;
  for (const field of fields) {
    let i = pos;
    while (i < end && p.bytes[i] !== 0) i++;
    if (i >= end) return;
    p.put(field, pos, i - pos);
    pos = i + 1;
  }
}

function putWindow(p: PacketView, at: number): void {
  p.put(F.cookie, at, 2);
  p.put(F.rows, at + 4, 2);
  p.put(F.columns, at + 6, 2);
  p.put(F.xPixels, at + 8, 2);
  p.put(F.yPixels, at + 10, 2);
}
