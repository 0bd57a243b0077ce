import { defineCheck, fine, warning } from '../define-check.ts';

export const tcpdump = defineCheck({
  name: 'tcpdump',
  title: 'tcpdump, the second way to capture',
  async look(ports) {
    const found = await ports.run('tcpdump', ['--version']);
    if (found !== undefined) return fine((found.stdout || found.stderr).split('\n')[0]);
    return warning('not installed: it is only used where the packet ring cannot be', 'sudo apt-get install tcpdump');
  },
});

export default tcpdump;
