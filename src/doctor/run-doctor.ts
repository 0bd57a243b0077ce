import { checks } from './checks.generated.ts';
import type { DoctorPorts, DoctorVerdict } from './define-check.ts';

export interface DoctorFinding extends DoctorVerdict {
  readonly check: string;
  readonly title: string;
}

/** Looks at everything, in the order of the checks' names. A check that fails itself is a warning, not the end. */
export async function runDoctor(ports: DoctorPorts): Promise<DoctorFinding[]> {
  return await Promise.all(checks.map(async (check): Promise<DoctorFinding> => {
    const { name, title } = check;
    try {
      return { check: name, title, ...(await check.look(ports)) };
    } catch (error) {
      return { check: name, title, verdict: 'warning', detail: `this could not be looked at: ${(error as Error).message}`, remedy: null };
    }
  }));
}
