import { defineFields, put } from '../define-dissector.ts';

const note = (name: string, title: string) => ({ name, ...put('none', title) });

export const ftpFields = defineFields({
  cwd: { name: 'ftp.current-working-directory', ...put('string', 'Current working directory') },
  response: { name: 'ftp.response', ...put('boolean', 'Response') },
  request: { name: 'ftp.request', ...put('boolean', 'Request') },
  command: { name: 'ftp.request.command', ...put('string', 'Request command') },
  commandArg: { name: 'ftp.request.arg', ...put('string', 'Request arg') },
  code: { name: 'ftp.response.code', ...put('u32', 'Response code') },
  responseArg: { name: 'ftp.response.arg', ...put('string', 'Response arg') },
  passiveIp: { name: 'ftp.passive.ip', ...put('ipv4', 'Passive IP address') },
  passivePort: { name: 'ftp.passive.port', ...put('u16', 'Passive port') },
  passiveNat: { name: 'ftp.passive.nat', ...put('boolean', 'Passive IP NAT') },
  activeIp: { name: 'ftp.active.cip', ...put('ipv4', 'Active IP address') },
  activePort: { name: 'ftp.active.port', ...put('u16', 'Active port') },
  activeNat: { name: 'ftp.active.nat', ...put('boolean', 'Active IP NAT') },
  eprtFamily: { name: 'ftp.eprt.af', ...put('u8', 'Extended active address family', { values: { 1: 'IPv4', 2: 'IPv6' } }) },
  eprtIp: { name: 'ftp.eprt.ip', ...put('ipv4', 'Extended active IP address') },
  eprtIpv6: { name: 'ftp.eprt.ipv6', ...put('ipv6', 'Extended active IPv6 address') },
  eprtPort: { name: 'ftp.eprt.port', ...put('u16', 'Extended active port') },
  epsvIp: { name: 'ftp.epsv.ip', ...put('ipv4', 'Extended passive IPv4 address') },
  epsvIpv6: { name: 'ftp.epsv.ipv6', ...put('ipv6', 'Extended passive IPv6 address') },
  epsvPort: { name: 'ftp.epsv.port', ...put('u16', 'Extended passive port') },
  eprtInvalid: note('ftp.eprt.args_invalid', 'EPRT arguments must have the form: |<family>|<addr>|<port>|'),
  epsvInvalid: note('ftp.epsv.args_invalid', 'EPSV arguments must have the form (|||<port>|)'),
  codeInvalid: note('ftp.response.code.invalid', 'Invalid response code'),
  pwdInvalid: note('ftp.response.pwd.invalid', 'Invalid PWD response'),
});

/** What a data connection says of the control connection that announced it. */
export const ftpDataFields = defineFields({
  setupFrame: { name: 'ftp-data.setup-frame', ...put('framenum', 'Setup frame') },
  setupMethod: { name: 'ftp-data.setup-method', ...put('string', 'Setup method') },
  command: { name: 'ftp-data.command', ...put('string', 'Command') },
  commandFrame: { name: 'ftp-data.command-frame', ...put('framenum', 'Command frame') },
  cwd: { name: 'ftp-data.current-working-directory', ...put('string', 'Current working directory') },
});
