import type { NotificationDetail } from '../client.generated.ts';
import { Instant } from './marks.tsx';

/** One notification: why it was sent, and every attempt to deliver it. */
export function NotificationCard({ detail }: { readonly detail: NotificationDetail }) {
  const { notification, deliveries } = detail;
  return (
    <article className="card">
      <header><strong>{notification.subject}</strong> <span className="muted"><Instant at={notification.createdAt} /> · reason: {notification.reason.replaceAll('_', ' ')}</span></header>
      <ul className="deliveries">
        {deliveries.map((d) => (
          <li key={d.id}>
            <span className={`mark delivery-${d.state}`}>{d.state.replaceAll('_', ' ')}</span> {d.receiver} by {d.channel}{d.position > 0 ? ` (fallback ${d.position})` : ''}
            <ol>{d.attempts.map((a) => <li key={a.time} className="muted"><Instant at={a.time} /> {a.outcome}</li>)}</ol>
          </li>
        ))}
      </ul>
    </article>
  );
}
