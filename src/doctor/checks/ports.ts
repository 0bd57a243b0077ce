import { defineCheck, fine, warning } from '../define-check.ts';

export const ports = defineCheck({
  name: 'ports',
  title: 'Port of the console',
  async look({ config, port }) {
    const at = `${config.listen.address} port ${config.listen.port}`;
    if (config.listen.port === 0) return fine('any free port');
    const found = await port(config.listen.address, config.listen.port);
    if (found === 'ours') return fine(`${at}: this program listens`);
    return found === 'free' ? fine(`${at} is free`) : warning(`${at} is taken by another program; a free one is used`, 'set listen.port to another number');
  },
});

export default ports;
