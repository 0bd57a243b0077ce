import type { IpHex } from '../base/ip.ts';
import type { Nanos } from '../base/time.ts';
import type { RecordHead, RecordId } from './head.ts';

export const FLOW_SCHEMA = 1;

/** Zeek's connection states (conn.log `conn_state`). */
export type ConnState = 'S0' | 'S1' | 'SF' | 'REJ' | 'S2' | 'S3' | 'RSTO' | 'RSTR' | 'RSTOS0' | 'RSTRH' | 'SH' | 'SHR' | 'OTH';

/** Why a flow record was written. */
export type FlowEndReason =
  | 'closed' | 'reset' | 'idle_timeout' | 'active_timeout' | 'end_of_capture' | 'evicted' | 'worker_lost' | 'shutdown';

/** Where the two ends are, by `networks:` of the configuration. */
export type FlowDirection = 'internal' | 'outbound' | 'inbound' | 'external';

/** Both directions of one 5-tuple (RFC 5103). `src` is the initiator. */
export interface FlowRecord extends RecordHead {
  readonly srcIp: IpHex;
  readonly dstIp: IpHex;
  /** ICMP: type (srcPort) and code (dstPort), as Zeek writes them. */
  readonly srcPort: number;
  readonly dstPort: number;
  /** IANA protocol number. */
  readonly proto: number;
  /** Analysers that recognised the payload, in order (`http`, `dns`, `ssl`); empty where none did. */
  readonly service: readonly string[];
  /** First frame of the flow and last one, numbers from 1 in the dataset. */
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Capture time of the last packet. */
  readonly end: Nanos;
  /** First to last packet that moved the flow forward (Zeek's `duration`); null where there was one packet only. */
  readonly duration: Nanos | null;
  readonly connState: ConnState;
  /** Zeek's history letters. */
  readonly history: string;
  /** Payload bytes from sequence numbers (TCP) or lengths; null where unknown. */
  readonly srcBytes: number | null;
  readonly dstBytes: number | null;
  readonly srcPackets: number;
  readonly dstPackets: number;
  /** Sum of the IP total lengths. */
  readonly srcIpBytes: number;
  readonly dstIpBytes: number;
  /** Payload bytes missing from the capture (gaps). */
  readonly missedBytes: number;
  /** Community ID v1 (`1:...`). */
  readonly communityId: string;
  /** 802.1Q ids, outermost first. */
  readonly vlans: readonly number[];
  readonly srcMac: string | null;
  readonly dstMac: string | null;
  readonly direction: FlowDirection;
  readonly endReason: FlowEndReason;
}

/** What a record of an application protocol adds: its flow and its frames. */
export interface ProtocolHead extends RecordHead {
  readonly flowId: RecordId;
  readonly srcIp: IpHex;
  readonly dstIp: IpHex;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly proto: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}
