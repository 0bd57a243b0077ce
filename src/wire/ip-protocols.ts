/** Names of IP protocol numbers (IANA, Assigned Internet Protocol Numbers), for `ip.proto` and `ipv6.nxt`. */
export const IP_PROTOCOLS = {
  0: 'IPv6 Hop-by-Hop Option', 1: 'ICMP', 2: 'IGMP', 3: 'GGP', 4: 'IPIP', 5: 'Stream', 6: 'TCP', 8: 'EGP', 9: 'IGRP', 12: 'PUP', 17: 'UDP', 27: 'RDP', 33: 'DCCP',
  41: 'IPv6', 43: 'Routing Header for IPv6', 44: 'Fragment Header for IPv6', 46: 'Reservation Protocol', 47: 'Generic Routing Encapsulation',
  50: 'Encap Security Payload', 51: 'Authentication Header', 55: 'Mobile IP', 58: 'ICMPv6', 59: 'No Next Header for IPv6', 60: 'Destination Options for IPv6',
  88: 'EIGRP', 89: 'OSPF IGP', 94: 'IP-within-IP', 97: 'EtherIP', 103: 'PIM', 108: 'IPComp', 112: 'VRRP', 115: 'L2TP', 132: 'SCTP', 135: 'Mobile IPv6',
  136: 'UDPlite', 137: 'MPLS in IP', 139: 'HIP', 140: 'SHIM6',
} as const;

/** Names of differentiated services code points (RFC 2474, 2597, 3246, 5865, 8622). */
export const DSCP_NAMES = {
  0: 'Default', 1: 'LE', 8: 'Class Selector 1', 10: 'Assured Forwarding 11', 12: 'Assured Forwarding 12', 14: 'Assured Forwarding 13', 16: 'Class Selector 2',
  18: 'Assured Forwarding 21', 20: 'Assured Forwarding 22', 22: 'Assured Forwarding 23', 24: 'Class Selector 3', 26: 'Assured Forwarding 31',
  28: 'Assured Forwarding 32', 30: 'Assured Forwarding 33', 32: 'Class Selector 4', 34: 'Assured Forwarding 41', 36: 'Assured Forwarding 42',
  38: 'Assured Forwarding 43', 40: 'Class Selector 5', 44: 'Voice Admit', 46: 'Expedited Forwarding', 48: 'Class Selector 6', 56: 'Class Selector 7',
} as const;

/** Names of the two ECN bits (RFC 3168 §5). */
export const ECN_NAMES = {
  0: 'Not ECN-Capable Transport', 1: 'ECN-Capable Transport codepoint \'01\'', 2: 'ECN-Capable Transport codepoint \'10\'', 3: 'Congestion Experienced',
} as const;

export const CHECKSUM_STATUS = { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' } as const;
