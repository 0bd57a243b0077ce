/** Ports that a server is likely to sit on, so that a flow met in the middle, or at its answer, gets its direction right (Zeek's `likely_server_ports`). */
const TCP_PORTS = [
  21, 22, 23, 25, 53, 80, 81, 88, 102, 110, 111, 139, 143, 389, 443, 445, 465, 502, 563, 585, 587, 614, 631, 636, 989, 990, 992, 993, 995, 1080,
  1433, 1883, 2811, 3128, 3268, 3306, 3389, 5060, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000,
];
const UDP_PORTS = [53, 67, 69, 88, 111, 123, 137, 161, 162, 443, 500, 514, 547, 1812, 1813, 2123, 2152, 3544, 4500, 4789, 5060, 5072, 5353, 5355, 6081, 20000];

function flags(ports: readonly number[]): Uint8Array {
  const out = new Uint8Array(65536);
  for (const port of ports) out[port] = 1;
  return out;
}

const TCP_FLAGS = flags(TCP_PORTS);
const UDP_FLAGS = flags(UDP_PORTS);

export function isLikelyTcpServer(port: number): boolean {
  return TCP_FLAGS[port] === 1;
}

export function isLikelyUdpServer(port: number): boolean {
  return UDP_FLAGS[port] === 1;
}
