import { z } from 'zod';
import { defineRoute } from '../define-route.ts';

const labels = z.record(z.string().regex(/^[^\p{Cc}]{1,256}$/u), z.string().max(10_000));
const instant = z.iso.datetime({ offset: true }).optional();

/** Alertmanager's own path, so that Prometheus and everything else that speaks to an Alertmanager needs no change but the address. */
export const postAlerts = defineRoute({
  method: 'POST',
  prefix: '/api/v2',
  path: '/alerts',
  permission: 'alerts.write',
  summary: 'Take alerts of other programs, as Alertmanager does (its API, version 2).',
  body: z.array(z.object({ labels, annotations: labels.default({}), startsAt: instant, endsAt: instant, generatorURL: z.string().max(4_000).optional() })).max(2_000),
  response: z.object({}),
  audit: { action: 'alert.post', object: (r) => `${r.body.length} from ${[...new Set(r.body.map((a) => a.labels.alertname ?? 'alert'))].slice(0, 5).join(', ')}` },
  async handler(s, r) {
    await s.alerts.accept(r.body.map((a) => ({
      labels: a.labels, annotations: a.annotations, startsAt: nanosOf(a.startsAt), endsAt: nanosOf(a.endsAt), generatorUrl: a.generatorURL ?? null,
    })));
    return {};
  },
});

/** Prometheus writes the zero time of Go for an end that is not known. */
function nanosOf(text: string | undefined): bigint | null {
  return text === undefined || text.startsWith('0001-01-01') ? null : BigInt(Date.parse(text)) * 1_000_000n;
}

export default postAlerts;
