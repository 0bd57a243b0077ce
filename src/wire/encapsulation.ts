/** Wireshark's own number of an encapsulation, which `frame.encap_type` shows, from the LINKTYPE in the file. */
export function wtapEncapsulation(linkType: number): number {
  switch (linkType) {
    case 1: return 1;
    case 0: case 108: return 15;
    case 12: case 14: case 101: return 7;
    case 113: return 25;
    case 276: return 210;
    case 228: return 129;
    case 229: return 130;
    case 105: return 20;
    case 127: return 23;
    default: return 0;
  }
}
