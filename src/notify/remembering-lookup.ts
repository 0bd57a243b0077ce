import dns from 'node:dns';
import { BoundedMap } from '../base/bounded-map.ts';

type Answers = dns.LookupAddress[];
type Callback = (error: NodeJS.ErrnoException | null, address: string | Answers, family?: number) => void;

const remembered = new BoundedMap<string, Answers>(256);

/**
 * Looks a name up, and falls back on the last good answer where the resolver fails.
 *
 * An outage of name service is one of the things that have to be told: its message must not need the resolver.
 */
export function rememberingLookup(hostname: string, options: dns.LookupOptions, callback: Callback): void {
  const key = `${hostname}/${String(options.family ?? 0)}`;
  const answer = (found: Answers): void => {
    if (options.all === true) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  };
  dns.lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error === null && found.length > 0) {
      remembered.set(key, found);
      return answer(found);
    }
    const known = remembered.get(key);
    if (known !== undefined) return answer(known);
    callback(error ?? Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
  });
}
