import { useEffect, useRef } from 'react';
import type { RoundSummary } from '../client.generated.ts';
import { percent, rtt } from '../format.ts';

/**
 * Rounds of a check as SmokePing draws them: the median as a line, coloured by loss, in the smoke of fastest to slowest sample.
 *
 * A round without any answer is a bar over the whole height.
 */
export function SmokeGraph({ rounds, height = 44 }: { readonly rounds: readonly RoundSummary[]; readonly height?: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    const paint = (): void => draw(canvas, rounds);
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', paint);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', paint);
    };
  }, [rounds]);
  const last = rounds.at(-1);
  const label = last === undefined ? 'no rounds yet' : `${rounds.length} rounds, last: ${rtt(last.medianNs)}, loss ${percent(last.loss)}`;
  return <canvas ref={ref} className="smoke" style={{ height }} role="img" aria-label={label} />;
}

/** The slowest sample, but at most six times the usual one: a single straggler must not press the rest flat. */
function scaleOf(rounds: readonly RoundSummary[]): number {
  const medians = rounds.map((r) => r.medianNs).filter((v) => v !== null).sort((a, b) => a - b);
  const usual = medians[medians.length >> 1] ?? 1;
  return Math.min(Math.max(1, ...rounds.map((r) => r.maxNs ?? 0)), 6 * usual) * 1.08;
}

function draw(canvas: HTMLCanvasElement, rounds: readonly RoundSummary[]): void {
  const ratio = window.devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  const top = scaleOf(rounds);
  const step = width / Math.max(rounds.length, 30);
  const y = (ns: number): number => height - 1 - Math.min(1, ns / top) * (height - 3);
  rounds.forEach((round, i) => {
    const x = width - (rounds.length - i) * step;
    if (round.medianNs === null) {
      context.fillStyle = colour('--down-soft');
      context.fillRect(x, 0, step, height);
      context.fillStyle = colour('--down');
      context.fillRect(x, height - 2, step, 2);
      return;
    }
    const high = y(round.maxNs ?? round.medianNs);
    context.fillStyle = colour('--smoke');
    context.fillRect(x, high, Math.max(1, step - 0.5), y(round.minNs ?? round.medianNs) - high);
    context.fillStyle = round.loss === 0 ? colour('--up') : round.loss < 0.2 ? colour('--degraded') : colour('--down');
    context.fillRect(x, y(round.medianNs) - 0.75, Math.max(1, step - 0.5), 2);
  });
}
