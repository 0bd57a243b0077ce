import { WirewatchError } from '../../base/errors.ts';
import { defineCommand, EXIT } from '../define-command.ts';

export const reflect = defineCommand({
  name: 'reflect',
  summary: 'answers STAMP test packets (RFC 8762) until it is interrupted: the far end of the probe stamp',
  permission: null,
  configure(command) {
    command
      .option('-l, --listen <address>', 'address to listen at', '127.0.0.1')
      .option('-p, --port <port>', 'UDP port; 862 is STAMP\'s and needs a privilege', '8620')
      .option('--stateless', 'repeats the sender\'s numbers, and cannot say which way packets get lost');
  },
  async run(ctx, _args, o) {
    const port = Number(o.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new WirewatchError('WW_ARGUMENT', `not a port: ${String(o.port)}`);
    const [{ StampReflector }, { realtimeNs }] = await Promise.all([import('../../probe/stamp-reflector.ts'), import('../../probe/probe-runner.ts')]);
    const reflector = new StampReflector({ address: String(o.listen), port, stateful: o.stateless !== true }, realtimeNs);
    let bound: number;
    try {
      bound = await reflector.start();
    } catch (error) {
      throw new WirewatchError('WW_ARGUMENT', `cannot listen at ${String(o.listen)} port ${port}: ${(error as NodeJS.ErrnoException).code}`, { remedy: 'choose another --listen or --port', cause: error });
    }
    try {
      if (ctx.json) ctx.terminal.out(`${JSON.stringify({ listening: o.listen, port: bound })}\n`);
      else ctx.terminal.out(`reflecting at ${String(o.listen)} port ${bound}; end with Ctrl+C\n`);
      await new Promise<void>((done) => {
        if (ctx.signal.aborted) done();
        ctx.signal.addEventListener('abort', () => done(), { once: true });
      });
    } finally {
      reflector.stop();
    }
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ reflected: reflector.reflected, refused: reflector.refused })}\n`);
    else ctx.terminal.out(`${reflector.reflected} reflected, ${reflector.refused} refused\n`);
    return EXIT.ok;
  },
});
export default reflect;
