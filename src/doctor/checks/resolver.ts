import { defineCheck, fine, warning } from '../define-check.ts';

export const resolver = defineCheck({
  name: 'resolver',
  title: 'Name resolution',
  async look({ resolvers, resolve }) {
    if (resolvers.length === 0) return warning('/etc/resolv.conf names no server: checks by name fail', 'add a nameserver line to /etc/resolv.conf');
    const answer = await resolve('localhost');
    return answer.ok ? fine(`${resolvers.join(', ')}`) : warning(`localhost does not resolve: ${answer.detail}`, 'look at /etc/hosts and /etc/nsswitch.conf');
  },
});

export default resolver;
