import type { Brand } from '../base/brand.ts';
import type { Nanos } from '../base/time.ts';

export type EvidenceId = Brand<string, 'EvidenceId'>;

/** One file of a bundle with its digest. */
export interface EvidenceFile {
  /** Path in the bundle, `/`-separated, no `..`. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** `packets`, `flows`, `samples`, `path`, `signal`, `notes`. */
  readonly kind: string;
  readonly description: string;
}

/** What is in a bundle and why; itself hashed, so that nothing in it can change unseen. */
export interface EvidenceManifest {
  readonly schema: 1;
  readonly id: EvidenceId;
  readonly incidentId: string;
  readonly createdAt: Nanos;
  /** Window that was frozen. */
  readonly from: Nanos;
  readonly to: Nanos;
  readonly sensorId: string;
  /** What could not be had, and why (`packets: no capture was running`). */
  readonly missing: readonly string[];
  readonly files: readonly EvidenceFile[];
}
