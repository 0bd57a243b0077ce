// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import beacon from './detectors/beacon.ts';
import checkState from './detectors/check-state.ts';
import newDevice from './detectors/new-device.ts';
import portScan from './detectors/port-scan.ts';

export const detectors = [
  beacon,
  checkState,
  newDevice,
  portScan,
];
