import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { call } from '../client.ts';
import { Instant } from '../components/marks.tsx';
import { QueryView } from '../components/query-view.tsx';
import { definePage } from '../define-page.ts';

function MailPage() {
  const query = useQuery({ queryKey: ['mail'], queryFn: ({ signal }) => call('GET /mail', {}, signal) });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <section className="page">
      <h1>Mail <small>what the demo's catcher got; nothing leaves this machine</small></h1>
      <QueryView query={query} isEmpty={(m) => m.length === 0} empty="No mail yet. The demo's target fails within a minute; its mail comes here.">
        {(mails) => {
          const mail = mails.find((m) => m.id === chosen) ?? mails[0];
          return (
            <div className="columns mail">
              <ul className="mail-list" aria-label="Mails">
                {mails.map((m) => (
                  <li key={m.id}><button type="button" aria-current={m.id === mail.id} onClick={() => setChosen(m.id)}>
                    <strong>{m.subject}</strong><span className="muted">{m.to.join(', ')} · <Instant at={m.receivedAt} /></span>
                  </button></li>
                ))}
              </ul>
              <article className="card" aria-label="Mail">
                <h2>{mail.subject}</h2>
                <dl className="pairs"><dt>From</dt><dd>{mail.from}</dd><dt>To</dt><dd>{mail.to.join(', ')}</dd><dt>Received</dt><dd><Instant at={mail.receivedAt} /> {mail.tls === null ? 'in the clear' : `over ${mail.tls}`}</dd></dl>
                <pre className="mail-text">{withLinks(mail.text)}</pre>
              </article>
            </div>
          );
        }}
      </QueryView>
    </section>
  );
}

/** Links into this console are links here; nothing else in a mail is. */
function withLinks(text: string): ReactNode[] {
  return text.split(/(https?:\/\/\S+)/).map((part, i) => {
    const own = part.startsWith(`${window.location.origin}/`);
    return own ? <Link key={i} href={part.slice(window.location.origin.length)}>{part}</Link> : part;
  });
}

export const mailPage = definePage({ path: '/mail', title: 'Mail', permission: 'incidents.read', nav: { order: 5, key: 'm' }, demoOnly: true, component: MailPage });
export default mailPage;
