import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CaptureStatus, CheckOverview, Overview, TrafficSample, UplinkVerdict } from './client.generated.ts';

const KEPT_SAMPLES = 300;

/** Puts what happens into the cache, so that every page shows the present. Returns whether the stream is open. */
export function useLiveEvents(active: boolean): boolean {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const source = new EventSource('/api/v1/events');
    source.onopen = () => {
      setOpen(true);
      // What happened while the stream was away.
      void client.invalidateQueries();
    };
    source.onerror = () => setOpen(false);
    const on = <T>(type: string, apply: (event: T) => void): void =>
      source.addEventListener(type, (message) => apply(JSON.parse((message as MessageEvent<string>).data) as T));
    on<{ check: CheckOverview }>('check', ({ check }) => patch(client, (o) => ({ ...o, checks: replaced(o.checks, check) })));
    on<{ sample: TrafficSample; captures: readonly CaptureStatus[] }>('traffic', ({ sample, captures }) =>
      patch(client, (o) => ({ ...o, now: sample.time, captures, traffic: [...o.traffic, sample].slice(-KEPT_SAMPLES) })));
    on<{ uplink: UplinkVerdict }>('uplink', ({ uplink }) => patch(client, (o) => ({ ...o, uplink })));
    const refetch = (...keys: string[]) => () => {
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
    };
    on('incident', refetch('incidents', 'incident', 'overview'));
    on('alert', refetch('alerts', 'incident', 'overview'));
    on('action', refetch('incident'));
    on('mail', refetch('mail'));
    on('drill', refetch('drills'));
    return () => {
      source.close();
      setOpen(false);
    };
  }, [active, client]);
  return open;
}

function patch(client: QueryClient, change: (overview: Overview) => Overview): void {
  client.setQueryData<Overview>(['overview'], (old) => (old === undefined ? old : change(old)));
}

function replaced(checks: readonly CheckOverview[], check: CheckOverview): readonly CheckOverview[] {
  return checks.some((c) => c.checkId === check.checkId) ? checks.map((c) => (c.checkId === check.checkId ? check : c)) : [...checks, check];
}
