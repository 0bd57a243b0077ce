import type { ComponentType } from 'react';
import type { Permission } from '../model/index.ts';

/** One page: one file in console/pages exports one of these. */
export interface PageDefinition {
  /** wouter's pattern, `/incidents/:id`. */
  readonly path: string;
  readonly title: string;
  /** What a visitor needs; null = no sign-in (sign-in, set-up). */
  readonly permission: Permission | null;
  /** Place in the navigation; null = reached from other pages. `key` after `g` goes there. */
  readonly nav: { readonly order: number; readonly key: string } | null;
  /** Shown in the navigation only while the demo runs. */
  readonly demoOnly?: boolean;
  readonly component: ComponentType<{ readonly params: Readonly<Record<string, string | undefined>> }>;
}

export function definePage(page: PageDefinition): PageDefinition {
  return page;
}
