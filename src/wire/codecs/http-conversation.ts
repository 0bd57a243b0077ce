/** Requests of one conversation that wait for their response; beyond, the oldest is forgotten. */
const MAX_WAITING = 256;

/** A request as its response needs it. */
export interface WaitingRequest {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly head: boolean;
  /** Port that CONNECT asked for, 0 = another method. */
  readonly connectPort: number;
  /** CONNECT's target as it was written. */
  readonly target: string;
  readonly uri: string | undefined;
}

/** What the frame driver remembers of one HTTP conversation. Bounded: at most `MAX_WAITING` requests. */
export class HttpConversation {
  /** A message has been seen, so bytes that are none belong to one. */
  seen = false;
  /** Port of the tunnel that CONNECT made; what follows belongs to the protocol of that port. 0 = none. */
  tunnelPort = 0;
  tunnelHost = '';
  /** Name of the protocol that 101 was answered for, or that began in place of HTTP/1 (RFC 9110 §15.2.2). */
  heir = '';
  requests = 0;
  responses = 0;
  lastRequestFrame = 0;
  lastResponseFrame = 0;
  readonly waiting: WaitingRequest[] = [];

  ask(request: WaitingRequest): void {
    if (this.waiting.length >= MAX_WAITING) this.waiting.shift();
    this.waiting.push(request);
  }
}

export function createHttpConversation(): HttpConversation {
  return new HttpConversation();
}
