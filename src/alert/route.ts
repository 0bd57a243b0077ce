import { WirewatchError } from '../base/errors.ts';
import type { Labels } from './fingerprint.ts';
import { compileMatchers, formatMatcher, type LabelTest, type Matcher, type RegexEngine } from './matcher.ts';

/** One node of the routing tree as configured. What is left out is inherited from the parent. */
export interface RouteConfig {
  readonly receiver?: string | undefined;
  readonly matchers?: readonly Matcher[] | undefined;
  /** Labels by which alerts are put together; `['...']` = all of them, each alert alone. */
  readonly groupBy?: readonly string[] | undefined;
  readonly groupWaitMs?: number | undefined;
  readonly groupIntervalMs?: number | undefined;
  readonly repeatIntervalMs?: number | undefined;
  /** Go on with the next sibling although this one matched. */
  readonly continue?: boolean | undefined;
  /** Further receivers of the same alerts, inherited with `receiver`. */
  readonly also?: readonly string[] | undefined;
  /** Names of time intervals outside which, and within which, nothing is told. Not inherited (Alertmanager's meaning). */
  readonly activeIntervals?: readonly string[] | undefined;
  readonly muteIntervals?: readonly string[] | undefined;
  readonly routes?: readonly RouteConfig[] | undefined;
}

/** A node with everything that it inherits (Alertmanager's defaults at the root: 30 s, 5 min, 4 h). */
export interface Route {
  /** Names the node in group keys: the path of matchers from the root. */
  readonly key: string;
  readonly receiver: string;
  readonly also: readonly string[];
  readonly activeIntervals: readonly string[];
  readonly muteIntervals: readonly string[];
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly continues: boolean;
  readonly matches: LabelTest;
  readonly children: readonly Route[];
}

export const ROUTE_DEFAULTS = { groupBy: [] as readonly string[], groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 };

/** Resolves inheritance and compiles matchers. The root needs a receiver and takes everything. */
export function compileRoutes(root: RouteConfig, regex: RegexEngine): Route {
  if (root.receiver === undefined) throw new WirewatchError('WW_CONFIG_VALUE', 'the root route has no receiver', { where: 'alerting.route.receiver' });
  return compileNode({ ...root, matchers: [] }, { ...ROUTE_DEFAULTS, receiver: root.receiver, also: [], key: '' }, 0, regex);
}

type Inherited = Pick<Route, 'key' | 'receiver' | 'also' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

function compileNode(config: RouteConfig, parent: Inherited, place: number, regex: RegexEngine): Route {
  const matchers = config.matchers ?? [];
  const own: Inherited = {
    // Siblings may carry the same matchers; the place keeps their groups apart.
    key: `${parent.key}/${place}{${matchers.map(formatMatcher).join(',')}}`,
    receiver: config.receiver ?? parent.receiver,
    also: config.receiver === undefined ? parent.also : (config.also ?? []),
    groupBy: config.groupBy ?? parent.groupBy,
    groupWaitMs: config.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: config.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: config.repeatIntervalMs ?? parent.repeatIntervalMs,
  };
  return {
    ...own,
    continues: config.continue ?? false,
    activeIntervals: config.activeIntervals ?? [],
    muteIntervals: config.muteIntervals ?? [],
    matches: compileMatchers(matchers, regex),
    children: (config.routes ?? []).map((child, i) => compileNode(child, own, i, regex)),
  };
}

/** The nodes that take an alert: depth first, the first matching child ends the search unless it continues; no child, the node itself. */
export function findRoutes(route: Route, labels: Labels): Route[] {
  if (!route.matches(labels)) return [];
  const found: Route[] = [];
  for (const child of route.children) {
    const taken = findRoutes(child, labels);
    found.push(...taken);
    if (taken.length > 0 && !child.continues) break;
  }
  return found.length > 0 ? found : [route];
}

/** The labels that name an alert's group under a route. A drill is never told together with the real thing. */
export function groupLabelsOf(route: Route, labels: Labels): Record<string, string> {
  const names = route.groupBy.includes('...') ? Object.keys(labels) : [...new Set([...route.groupBy, 'drill'])];
  const group: Record<string, string> = {};
  for (const name of [...names].sort()) if ((labels[name] ?? '') !== '') group[name] = labels[name];
  return group;
}

/** All nodes, the root first. */
export function* walkRoutes(route: Route): Generator<Route> {
  yield route;
  for (const child of route.children) yield* walkRoutes(child);
}
