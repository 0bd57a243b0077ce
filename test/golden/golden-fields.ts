/** Fields of the golden captures that are compared with tshark's values. */
export const GOLDEN_FIELDS = [
  'frame.number', 'frame.protocols', 'frame.len', 'frame.cap_len', 'frame.time_relative', 'frame.encap_type', 'eth.src', 'eth.dst', 'eth.addr', 'eth.type', 'eth.lg', 'eth.ig',
  'vlan.id', 'vlan.priority', 'vlan.dei', 'vlan.etype', 'arp.opcode', 'arp.hw.type', 'arp.proto.type', 'arp.src.hw_mac', 'arp.src.proto_ipv4', 'arp.dst.hw_mac', 'arp.dst.proto_ipv4',
  'ip.version', 'ip.hdr_len', 'ip.dsfield', 'ip.len', 'ip.id', 'ip.flags', 'ip.flags.df', 'ip.flags.mf', 'ip.frag_offset', 'ip.ttl', 'ip.proto', 'ip.checksum', 'ip.src', 'ip.dst',
  'ip.addr', 'ip.fragment', 'ip.fragment.count', 'ip.reassembled.length', 'ipv6.tclass', 'ipv6.flow', 'ipv6.plen', 'ipv6.nxt', 'ipv6.hlim', 'ipv6.src', 'ipv6.dst',
  'ipv6.fraghdr.offset', 'ipv6.fraghdr.more', 'ipv6.fraghdr.ident', 'ipv6.fragment', 'icmp.type', 'icmp.code', 'icmp.checksum', 'icmp.ident', 'icmp.seq', 'icmp.seq_le',
  'icmp.resp_to', 'icmpv6.type', 'icmpv6.code', 'icmpv6.checksum', 'icmpv6.echo.identifier', 'icmpv6.echo.sequence_number', 'icmpv6.nd.ns.target_address',
  'icmpv6.nd.na.target_address', 'icmpv6.opt.type', 'icmpv6.opt.linkaddr', 'icmpv6.mldr.nb_mcast_records', 'icmpv6.mldr.mar.multicast_address', 'tcp.srcport', 'tcp.dstport',
  'tcp.stream', 'tcp.completeness', 'tcp.len', 'tcp.seq', 'tcp.seq_raw', 'tcp.nxtseq', 'tcp.ack', 'tcp.hdr_len', 'tcp.flags', 'tcp.flags.str', 'tcp.window_size_value',
  'tcp.window_size', 'tcp.window_size_scalefactor', 'tcp.checksum', 'tcp.options.mss_val', 'tcp.options.wscale.shift', 'tcp.options.timestamp.tsval',
  'tcp.options.timestamp.tsecr', 'tcp.time_relative', 'tcp.time_delta', 'tcp.analysis.acks_frame', 'tcp.analysis.ack_rtt', 'tcp.analysis.initial_rtt',
  'tcp.analysis.bytes_in_flight', 'tcp.analysis.push_bytes_sent', 'tcp.segment', 'tcp.segment.count', 'tcp.reassembled.length', 'udp.srcport', 'udp.dstport', 'udp.length',
  'udp.checksum', 'udp.stream', 'udp.time_relative', 'data.len',
];
