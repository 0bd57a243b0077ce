import { fromHex, toHex } from '../../base/bytes.ts';

/** Secrets that one log may bring; beyond, the rest is ignored. */
const MAX_SECRETS = 65_536;
/** `TLSK`: the type of a Decryption Secrets Block that holds a key log. */
export const TLS_KEY_LOG = 0x544c534b;

const LINE = /^(CLIENT_RANDOM|CLIENT_EARLY_TRAFFIC_SECRET|CLIENT_HANDSHAKE_TRAFFIC_SECRET|SERVER_HANDSHAKE_TRAFFIC_SECRET|CLIENT_TRAFFIC_SECRET_0|SERVER_TRAFFIC_SECRET_0|QUIC_[A-Z_]+(?:_0)?) ([0-9a-fA-F]{64}) ([0-9a-fA-F]+)$/;

/** What an application wrote of its sessions' secrets (SSLKEYLOGFILE, RFC 9850): by label and the client's random. */
export class KeyLog {
  readonly #secrets = new Map<string, Uint8Array>();

  get size(): number {
    return this.#secrets.size;
  }

  /** Adds the lines of a key log; what is none is passed over. */
  add(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      const found = LINE.exec(line.trim());
      if (found === null || this.#secrets.size >= MAX_SECRETS) continue;
      const secret = fromHex(found[3]);
      // QUIC once had labels of its own: QUIC_CLIENT_TRAFFIC_SECRET_0.
      if (secret !== undefined) this.#secrets.set(`${found[1].replace(/^QUIC_/, '')} ${found[2].toLowerCase()}`, secret);
    }
  }

  find(label: string, clientRandom: Uint8Array | undefined): Uint8Array | undefined {
    if (this.#secrets.size === 0 || clientRandom === undefined) return undefined;
    return this.#secrets.get(`${label} ${toHex(clientRandom)}`);
  }
}
