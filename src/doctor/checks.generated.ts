// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import capturePrivilege from './checks/capture-privilege.ts';
import clock from './checks/clock.ts';
import configuration from './checks/configuration.ts';
import diskSpace from './checks/disk-space.ts';
import gateway from './checks/gateway.ts';
import nodeVersion from './checks/node-version.ts';
import pingPrivilege from './checks/ping-privilege.ts';
import ports from './checks/ports.ts';
import resolver from './checks/resolver.ts';
import tcpdump from './checks/tcpdump.ts';

export const checks = [
  capturePrivilege,
  clock,
  configuration,
  diskSpace,
  gateway,
  nodeVersion,
  pingPrivilege,
  ports,
  resolver,
  tcpdump,
];
