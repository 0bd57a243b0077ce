import { defineCheck, fine, warning } from '../define-check.ts';

/** Asks the kernel whether its clock is being kept (adjtimex(2) through timedatectl or chronyc); an unknown answer is no problem. */
export const clock = defineCheck({
  name: 'clock',
  title: 'Clock',
  async look(ports) {
    const chrony = await ports.run('chronyc', ['-c', 'tracking']);
    if (chrony?.code === 0) return fine(`kept by chrony, ${chrony.stdout.split(',')[4] ?? '?'} s off`);
    const systemd = await ports.run('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
    if (systemd?.code === 0 && systemd.stdout.trim() === 'yes') return fine('synchronized');
    if (systemd?.code === 0) return warning('not synchronized: times of evidence may not match those of other machines', 'sudo timedatectl set-ntp true');
    return fine('nothing here says whether it is synchronized');
  },
});

export default clock;
