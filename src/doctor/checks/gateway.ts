import { defineCheck, fine, warning } from '../define-check.ts';

export const gateway = defineCheck({
  name: 'gateway',
  title: 'Default gateway',
  async look({ gateways }) {
    return gateways.length > 0 ? fine(gateways.join(', ')) : warning('there is no default route: whether the monitor itself is connected can be judged by anchors alone', 'ip route add default via ADDRESS');
  },
});

export default gateway;
