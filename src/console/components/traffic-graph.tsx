import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { TrafficSample } from '../client.generated.ts';
import { bitRate, clockOf, count, toMs } from '../format.ts';

/** Traffic of the last minutes: bits a second as an area, packets a second as a line on the right scale. */
export function TrafficGraph({ samples }: { readonly samples: readonly TrafficSample[] }) {
  const ref = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(samples);

  useEffect(() => {
    const box = ref.current!;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(box), seriesOf(latest.current), box);
    };
    make();
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: box.clientWidth, height: box.clientHeight }));
    observer.observe(box);
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    latest.current = samples;
    plot.current?.setData(seriesOf(samples));
  }, [samples]);

  const last = samples.at(-1);
  return <div ref={ref} className="traffic-graph" role="img" aria-label={last === undefined ? 'no traffic yet' : `traffic, now ${bitRate(last.bitsPerSecond)}`} />;
}

function seriesOf(samples: readonly TrafficSample[]): uPlot.AlignedData {
  return [samples.map((s) => toMs(s.time) / 1000), samples.map((s) => s.bitsPerSecond), samples.map((s) => s.packetsPerSecond)];
}

function optionsFor(box: HTMLElement): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name);
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    legend: { show: false },
    cursor: { y: false },
    padding: [8, 4, 0, 4],
    scales: { x: { time: true }, bits: { range: (_, _min, max) => [0, Math.max(max, 1) * 1.1] }, packets: { range: (_, _min, max) => [0, Math.max(max, 1) * 1.1] } },
    axes: [
      { ...axis, space: 70, size: 30, values: (_, ticks) => ticks.map((v) => clockOf(v * 1000)) },
      { ...axis, scale: 'bits', size: 76, values: (_, ticks) => ticks.map((v) => (v === 0 ? '0' : bitRate(v))) },
      { ...axis, scale: 'packets', side: 1, size: 62, grid: { show: false }, values: (_, ticks) => ticks.map((v) => `${count(v)}/s`) },
    ],
    series: [
      {},
      { scale: 'bits', stroke: colour('--accent'), fill: colour('--accent-soft'), width: 1.5, points: { show: false } },
      { scale: 'packets', stroke: colour('--second'), width: 1.25, points: { show: false } },
    ],
  };
}
