/**
 * One framed packet as a capture source hands it on: where its bytes lie, when it came, how long it was. One object a source,
 * reused: valid until the next packet.
 */
export class FrameHead {
  bytes: Uint8Array;
  /** Offset of the first byte in `bytes`. */
  at: number;
  /** Bytes captured and bytes sent. */
  caplen: number;
  wireLen: number;
  seconds: number;
  nanoseconds: number;
  /** LINKTYPE number as written in files. */
  linkType: number;
  interfaceId: number;
  interfaceName: string | undefined;
  interfaceDescription: string | undefined;
  /** Comments of the packet, in order; a shared empty list where there are none. */
  comments: readonly string[];
  /** Secrets that the capture has brought so far (pcapng's Decryption Secrets Blocks). */
  secrets: readonly CaptureSecrets[];
  /** Direction flags of the block: 0 unknown, 1 inbound, 2 outbound. */
  direction: number;

  constructor() {
    this.bytes = new Uint8Array(0);
    this.at = 0;
    this.caplen = 0;
    this.wireLen = 0;
    this.seconds = 0;
    this.nanoseconds = 0;
    this.linkType = 1;
    this.interfaceId = -1;
    this.interfaceName = undefined;
    this.interfaceDescription = undefined;
    this.comments = NO_COMMENTS;
    this.secrets = NO_SECRETS;
    this.direction = 0;
  }
}

/** A Decryption Secrets Block: `type` 0x544c534b is a TLS key log. */
export interface CaptureSecrets {
  readonly type: number;
  readonly bytes: Uint8Array;
}

const NO_SECRETS: readonly CaptureSecrets[] = [];
export const NO_COMMENTS: readonly string[] = [];
