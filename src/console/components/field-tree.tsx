import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { TreeNode } from '../client.generated.ts';

/** Path of a node: indices from the top, `2.0`. */
export type NodePath = string;

interface Shown {
  readonly node: TreeNode;
  readonly path: NodePath;
  readonly depth: number;
}

/** A frame's layers and fields. Up and down move, right opens, left closes, Enter filters by the field. */
export function FieldTree({ tree, selected, onSelect, onFilter }: {
  readonly tree: readonly TreeNode[];
  readonly selected: NodePath | null;
  readonly onSelect: (path: NodePath, node: TreeNode) => void;
  readonly onFilter: (filter: string) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set(['frame', 'eth']));
  const [opened, setOpened] = useState<ReadonlySet<NodePath>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  // Layers are open unless their protocol was closed, so that a choice lasts from frame to frame; deeper nodes are closed unless opened.
  const isOpen = (s: Shown): boolean => (selected !== null && selected.startsWith(`${s.path}.`)) || (s.depth === 0 ? !closed.has(s.node.name) : opened.has(s.path));
  const shown: Shown[] = [];
  const walk = (nodes: readonly TreeNode[], prefix: string, depth: number): void => nodes.forEach((node, i) => {
    const entry = { node, path: prefix === '' ? String(i) : `${prefix}.${i}`, depth };
    shown.push(entry);
    if (node.children.length > 0 && isOpen(entry)) walk(node.children, entry.path, depth + 1);
  });
  walk(tree, '', 0);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const toggle = (s: Shown, open: boolean): void => {
    if (s.depth === 0) setClosed(changed(closed, s.node.name, !open));
    else setOpened(changed(opened, s.path, open));
  };
  const onKey = (event: KeyboardEvent): void => {
    const at = shown.findIndex((s) => s.path === selected);
    const current = shown[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = shown[Math.min(shown.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next !== undefined) onSelect(next.path, next.node);
    } else if (event.key === 'ArrowRight' && current !== undefined) {
      toggle(current, true);
    } else if (event.key === 'ArrowLeft' && current !== undefined) {
      toggle(current, false);
    } else if (event.key === 'Enter' && current !== undefined && current.node.filter !== null) {
      onFilter(current.node.filter);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div className="tree" role="tree" aria-label="Fields of the frame" tabIndex={0} onKeyDown={onKey} ref={list}>
      {shown.map((s) => (
        <div
          key={s.path} role="treeitem" aria-level={s.depth + 1} aria-selected={s.path === selected} data-field={s.node.name}
          aria-expanded={s.node.children.length > 0 ? isOpen(s) : undefined} className={`tree-line ${s.node.expert === null ? '' : `expert-${s.node.expert}`}`}
          style={{ paddingLeft: 6 + s.depth * 16 }} onClick={() => onSelect(s.path, s.node)} onDoubleClick={() => toggle(s, !isOpen(s))}
        >
          <span className="twist" aria-hidden="true" onClick={() => toggle(s, !isOpen(s))}>{s.node.children.length === 0 ? '' : isOpen(s) ? '▾' : '▸'}</span>
          <span className="tree-text">{s.node.text}</span>
          {s.node.filter === null ? null : (
            <button type="button" className="quiet tiny" tabIndex={-1} title={s.node.filter} onClick={(e) => {
              e.stopPropagation();
              onFilter(s.node.filter!);
            }}>filter</button>
          )}
        </div>
      ))}
    </div>
  );
}

function changed<T>(set: ReadonlySet<T>, value: T, present: boolean): ReadonlySet<T> {
  const next = new Set(set);
  if (present) next.add(value);
  else next.delete(value);
  return next;
}
