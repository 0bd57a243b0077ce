import { defineCheck, fine, grantCommand, hasNetRaw, warning } from '../define-check.ts';

export const capturePrivilege = defineCheck({
  name: 'capture-privilege',
  title: 'Privilege to capture',
  async look(ports) {
    if (!ports.config.captureWanted) return fine('not needed: the configuration captures nothing');
    if (hasNetRaw(ports)) return fine('CAP_NET_RAW is there');
    return warning('CAP_NET_RAW is missing: no packets are captured, everything else runs', grantCommand(ports));
  },
});

export default capturePrivilege;
