/** Bytes as tshark's `-x` shows them: offset, sixteen bytes in hex, the printable characters. */
export function hexDump(b: Uint8Array, at: number, end: number): string {
  let out = '';
  for (let line = at; line < end; line += 16) {
    let hex = '';
    let text = '';
    for (let i = line; i < Math.min(line + 16, end); i++) {
      hex += ` ${b[i].toString(16).padStart(2, '0')}`;
      text += b[i] >= 0x20 && b[i] < 0x7f ? String.fromCharCode(b[i]) : '.';
    }
    out += `${(line - at).toString(16).padStart(4, '0')} ${hex.padEnd(48)}   ${text}\n`;
  }
  return out;
}
