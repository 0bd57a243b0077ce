/** UDP ports whose payload is a tunnel: GTP-U, Teredo, GRE in UDP, VXLAN, AYIYA, Geneve. */
export function isTunnelPort(port: number): boolean {
  if (port < 2152 || port > 6081) return false;
  return port === 2152 || port === 3544 || port === 4754 || port === 4789 || port === 5072 || port === 6081;
}
