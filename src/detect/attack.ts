/**
 * Techniques of MITRE ATT&CK that detectors name, as data of one version: tactics and numbers change between versions.
 *
 * Version 19 (2026). Only what some detector uses is listed; test/contract/detectors.test.ts checks both directions.
 */
export const ATTACK_VERSION = '19';

export interface Technique {
  readonly id: string;
  readonly name: string;
  readonly tactic: string;
}

export const TECHNIQUES: Readonly<Record<string, Technique>> = {
  T1046: { id: 'T1046', name: 'Network Service Discovery', tactic: 'Discovery' },
  T1018: { id: 'T1018', name: 'Remote System Discovery', tactic: 'Discovery' },
  T1071: { id: 'T1071', name: 'Application Layer Protocol', tactic: 'Command and Control' },
  'T1071.001': { id: 'T1071.001', name: 'Web Protocols', tactic: 'Command and Control' },
  T1571: { id: 'T1571', name: 'Non-Standard Port', tactic: 'Command and Control' },
  T1200: { id: 'T1200', name: 'Hardware Additions', tactic: 'Initial Access' },
};
