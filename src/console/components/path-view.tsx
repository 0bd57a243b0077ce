import type { PathTrace } from '../client.generated.ts';
import { rtt } from '../format.ts';
import { Instant } from './marks.tsx';

/** Two traced paths side by side, or one alone; the first hop in which they differ is marked. */
export function PathView({ before, after }: { readonly before: PathTrace | null; readonly after: PathTrace | null }) {
  const length = Math.max(before?.hops.length ?? 0, after?.hops.length ?? 0);
  const names = (path: PathTrace | null, i: number): string => {
    const hop = path?.hops[i];
    return hop === undefined ? '' : hop.addresses.length === 0 ? '*' : hop.addresses.join(', ');
  };
  const first = before === null || after === null ? -1 : Array.from({ length }, (_, i) => i).findIndex((i) => names(before, i) !== names(after, i));
  const best = (path: PathTrace | null, i: number): string => {
    const answered = (path?.hops[i]?.rttNs ?? []).filter((v) => v !== null);
    return answered.length === 0 ? '' : rtt(Math.min(...answered));
  };
  const single = before === null;
  return (
    <div className="scroll">
      <table className="path">
        <thead>
          <tr><th>Hop</th>{single ? null : <Head title="Before" path={before} />}<Head title={single ? 'Path' : 'After'} path={after} /></tr>
        </thead>
        <tbody>
          {Array.from({ length }, (_, i) => (
            <tr key={i} className={i === first ? 'differs' : undefined}>
              <td>{i + 1}{i === first ? <span className="mark drill">first difference</span> : null}</td>
              {single ? null : <><td><code>{names(before, i)}</code></td><td className="right">{best(before, i)}</td></>}
              <td><code>{names(after, i)}</code></td><td className="right">{best(after, i)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ title, path }: { readonly title: string; readonly path: PathTrace | null }) {
  return <th colSpan={2}>{title} {path === null ? <span className="muted">not traced</span> : <span className="muted"><Instant at={path.time} /> · {path.method} · {path.reached ? 'reached' : 'not reached'}</span>}</th>;
}
