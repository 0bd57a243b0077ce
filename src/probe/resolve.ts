import dns from 'node:dns/promises';
import net from 'node:net';
import { failure, failureOfError, type ProbeTarget, type Resolution } from './define-probe.ts';

/**
 * Addresses of a target by the system's own resolver (hosts file, search list and all), as every other program sees it.
 *
 * A name that does not resolve is a failure of the class `name`, never a sample (fault S3 of seed 002).
 */
export async function resolveTarget(target: ProbeTarget, timeoutMs: number): Promise<Resolution> {
  const started = process.hrtime.bigint();
  const seconds = (): number => Number(process.hrtime.bigint() - started) / 1e9;
  const bare = target.address.split('%')[0];
  const literal = net.isIP(bare);
  if (literal !== 0) {
    const family = literal === 6 ? 6 : 4;
    if (target.family !== 'any' && target.family !== `ipv${family}`) return { failure: failure('local', `${target.address} is not an ${target.family === 'ipv4' ? 'IPv4' : 'IPv6'} address`), seconds: 0 };
    return { addresses: [{ address: target.address, family }], seconds: 0 };
  }
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
    });
    const family = target.family === 'ipv4' ? 4 : target.family === 'ipv6' ? 6 : 0;
    const found = await Promise.race([dns.lookup(target.address, { all: true, family, order: 'verbatim' }), late]);
    if (found === 'late') return { failure: failure('name', `the name ${target.address} does not resolve in time`), seconds: seconds() };
    return { addresses: found.map((a) => ({ address: a.address, family: a.family === 6 ? 6 : 4 })), seconds: seconds() };
  } catch (error) {
    const why = failureOfError(error);
    return { failure: failure('name', why.class === 'name' ? `the name ${target.address} does not resolve` : why.message), seconds: seconds() };
  } finally {
    clearTimeout(timer);
  }
}
